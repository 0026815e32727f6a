"""What networks for tables are held against: a logistic regression on the same columns, each over its spread."""

from __future__ import annotations

from pathlib import Path

from models.baseline import Baseline, read_baseline
from models.table.entries import FOLDER
from models.table.tables import LabelledTable


def measure_baseline(table: LabelledTable) -> Baseline:
    """Fit it on the rows that are learned from, and count how many of the test rows it tells right."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    rows = table.load()
    pipe = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    pipe.fit(rows.values["train"], rows.targets["train"])
    right = pipe.predict(rows.values["test"]) == rows.targets["test"]
    return Baseline("logistic regression", int(right.sum()), len(right))


def shipped_baseline(table: str) -> Baseline | None:
    """What it was measured to reach on the labelled table of that name; None where nobody measured."""
    return read_baseline(file_of(table))


def file_of(table: str) -> Path:
    """Where it lies for the labelled table of that name; made by `python -m models.training.shipped`."""
    return FOLDER / f"{table}-baseline.json"
