"""How good a network for tables is on labelled rows, beside its baseline, and where it errs."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dashboard import session
from dashboard.components import look, tables
from dashboard.components.evaluation import measured
from dashboard.components.wait import wait_or_end
from dashboard.navigation import find_home
from dashboard.parameters import TABLE_CLASS, TABLE_ROW
from dashboard.records.evaluation import Evaluation
from dashboard.results import evaluation as results
from dashboard.selection import Selection
from models.table import TABLE_SETS
from models.table.baseline import shipped_baseline
from models.table.classifier import TableClassifier

SPLIT = "test"
MOST_MISTAKES = 100


def draw(selection: Selection) -> None:
    """The whole view."""
    network = look.network(selection, TableClassifier)
    table = TABLE_SETS[network.fits]
    evaluation = wait_or_end(results.table_evaluation(network, table, SPLIT))
    measured.draw(network, evaluation, table.title, shipped_baseline(table.name))
    _mistakes(network, evaluation)


def _mistakes(network: TableClassifier, evaluation: Evaluation) -> None:
    """The rows that it is wrong about, those of which it is surest first."""
    wrong = np.flatnonzero(evaluation.predicted != evaluation.labels)
    wrong = wrong[np.argsort(-evaluation.confidence[wrong], kind="stable")][:MOST_MISTAKES]
    if not len(wrong):
        return
    st.subheader("Mistakes, the surest first")
    columns: dict[str, list[object]] = {
        "Row": [int(place) for place in wrong],
        "It is": [network.classes[evaluation.labels[place]] for place in wrong],
        "Called": [network.classes[evaluation.predicted[place]] for place in wrong],
        "Confidence": [float(evaluation.confidence[place]) for place in wrong],
    }
    tables.pick(
        columns,
        key="table-mistakes",
        choose=lambda row: session.choose_parameters({TABLE_ROW: int(wrong[row]), TABLE_CLASS: None}),
        config={"Confidence": st.column_config.NumberColumn(format="percent")},
        alt="The rows that it is wrong about, and how sure it is of each",
    )
    home = find_home(network.reads)
    if home is not None:
        st.page_link(
            home.file,
            label=f"Tick a row, and {home.title} tells why",
            icon=home.icon,
            query_params=session.address(),
        )
    tables.take_away(columns, f"{network.fits}-mistakes", key="table-mistakes-csv", of=network.key)
