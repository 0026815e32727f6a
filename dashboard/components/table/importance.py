"""Which columns the network needs, over all test rows."""

from __future__ import annotations

import streamlit as st

from dashboard.charts.table import importance as charts
from dashboard.components import figure, say, tables
from dashboard.components.figure import SAVABLE
from dashboard.components.palette import categories
from dashboard.components.wait import wait_unless_stopped
from dashboard.results import table_rows as results
from dashboard.results.table import TableSubject
from dashboard.wording import table as wording

# Columns of the chart; the table to take away has all.
MOST_ROWS = 12


def draw(subject: TableSubject) -> None:
    """The columns in order, with intervals, and which of them stand in for each other."""
    classifier, names = subject.classifier, subject.classifier.columns.names
    found = wait_unless_stopped(results.importance(classifier))
    if found is None:
        return
    st.subheader(say.plain(wording.needed(found, names)))
    figure.draw(
        charts.importance(found, names, found.ranking[:MOST_ROWS], categories()[0]),
        key="table-importance",
        alt="Accuracy lost without each column, with 95 % intervals",
        config=SAVABLE,
    )
    if sentence := wording.stand_in(found, names):
        st.markdown(say.plain(sentence))
    st.caption(say.plain(wording.HOW_NEEDED))
    cells: dict[str, list[object]] = {
        "Column": list(names),
        "Lost": found.lost.tolist(),
        "Low": found.low.tolist(),
        "High": found.high.tolist(),
    }
    tables.take_away(cells, "importance", key="importance-csv", of=classifier.key)
