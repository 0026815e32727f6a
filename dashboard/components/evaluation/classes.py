"""Classes: precision, recall and F1 of each, the weakest first."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dashboard import session
from dashboard.charts.evaluation import classes as charts
from dashboard.components import figure, tables
from dashboard.components.evaluation.subject import EvaluationSubject
from dashboard.components.figure import SAVABLE
from dashboard.components.palette import categories
from dashboard.parameters import CELL, SEE, SHEET

# Beyond, the chart shows the weakest.
MOST_ROWS = 30


def draw(subject: EvaluationSubject) -> None:
    """The chart of the weakest classes and the table of all."""
    scores = subject.evaluation.scores
    order = classes_by_f1(subject)
    figure.draw(
        charts.dots(scores, subject.classes, order[:MOST_ROWS], categories()),
        key="class-scores",
        alt=f"Precision and recall of {min(len(order), MOST_ROWS)} classes, the weakest on top",
        config=SAVABLE,
    )
    without = int((scores.support == 0).sum())
    cut = f"The weakest {MOST_ROWS} of {len(order):,} classes. " if len(order) > MOST_ROWS else ""
    absent = f"{without:,} classes have no pictures in this set and are left out. " if without else ""
    st.caption(
        f"{cut}{absent}Recall: of the pictures of a class, the share that is found. Precision: of the pictures that "
        "are called so, the share that is right."
    )
    columns: dict[str, list[object]] = {
        "Class": [subject.classes[index] for index in order],
        "Pictures": [int(scores.support[index]) for index in order],
        "Called so": [int(scores.called[index]) for index in order],
        "Precision": _numbers(scores.precision[order]),
        "Recall": _numbers(scores.recall[order]),
        "F1": _numbers(scores.f1[order]),
    }
    tables.pick(
        columns,
        key="class-table",
        choose=lambda row: session.choose_parameters(
            {CELL: f"{order[row]}-{order[row]}", SHEET: None, SEE: None}
        ),
        config=dict.fromkeys(("Precision", "Recall", "F1"), st.column_config.NumberColumn(format="percent")),
        alt="Precision, recall and F1 of every class",
    )
    st.caption("Tick a row to see the pictures of the class that are found.")
    tables.take_away(columns, "classes", "classes-csv", of=subject.view.classifier.key)


def classes_by_f1(subject: EvaluationSubject) -> list[int]:
    """The classes that have pictures, by F1."""
    scores = subject.evaluation.scores
    there = np.flatnonzero(scores.support)
    return [int(index) for index in there[np.argsort(scores.f1[there], kind="stable")]]


def _numbers(values: np.ndarray) -> list[object]:
    """Numbers for a table, with nothing in the place of what cannot be counted."""
    return [None if np.isnan(value) else float(value) for value in values]
