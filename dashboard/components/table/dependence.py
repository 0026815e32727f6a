"""Along one column: how the answer changes with it, for rows of the data."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.charts.table import dependence as charts
from dashboard.components import choice, figure, say
from dashboard.components.figure import SAVABLE
from dashboard.components.palette import categories
from dashboard.components.wait import wait
from dashboard.inspection.table import FIRST
from dashboard.parameters import BY_COLUMN
from dashboard.results import table as results
from dashboard.results.table import TableSubject
from dashboard.wording import table as wording


def draw(subject: TableSubject) -> None:
    """The column's box, what the answer does along it, and what to make of that."""
    columns = subject.classifier.columns
    varied = [place for place, column in enumerate(columns.columns) if column.high > column.low]
    chosen = BY_COLUMN.read(session.settings(), high=len(columns)) - 1
    if chosen not in varied:
        found = wait(results.attribution(subject, FIRST))
        order = range(len(columns)) if found.values is None else found.ranking
        chosen = next(place for place in order if place in varied)
    choice.select(
        "Column",
        varied,
        chosen,
        lambda place: session.choose_parameter(BY_COLUMN, place + 1),
        key="by-column",
        title=columns.names.__getitem__,
    )
    along = wait(results.dependence(subject, chosen))
    column, target = columns.columns[chosen], subject.prediction.classes[subject.target]
    st.subheader(say.plain(wording.along(along, column, target)))
    figure.draw(
        charts.dependence(along, column, float(subject.row[chosen]), categories()[0]),
        key=f"along-{chosen}",
        alt=f"Probability of {target} along {column.name}: on average, and of single rows",
        config=SAVABLE,
    )
    if along.together:
        st.markdown(say.plain(wording.together(along, columns.names)))
    st.caption(say.plain(wording.HOW_FOLLOWED))
