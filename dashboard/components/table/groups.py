"""Whom the network treats how: rates in groups of rows that one column tells apart."""

from __future__ import annotations

import streamlit as st

from dashboard.charts.table import groups as charts
from dashboard.components import choice, figure, say, tables
from dashboard.components.figure import SAVABLE
from dashboard.components.palette import categories
from dashboard.components.wait import wait
from dashboard.parameters import BY_COLUMN, RATE
from dashboard.results import table_rows as results
from dashboard.results.table import TableSubject
from dashboard.session import choose_parameter, settings
from dashboard.wording import groups as wording


def draw(subject: TableSubject) -> None:
    """The column, what is counted, the rates of its groups, and what they do not say."""
    columns, target = subject.classifier.columns, subject.prediction.classes[subject.target]
    places = [place for place, column in enumerate(columns.columns) if column.high > column.low]
    # A column of categories first: those are groups already.
    first = next((place for place in places if columns.columns[place].categories), places[0])
    wanted = BY_COLUMN.read(settings(), high=len(columns)) - 1
    column = wanted if wanted in places else first
    choice.select(
        "Groups by",
        places,
        column,
        lambda place: choose_parameter(BY_COLUMN, place + 1),
        key="groups-by",
        title=columns.names.__getitem__,
    )
    titles = wording.titles(target)
    rate = choice.segments("Counted", RATE, {name: say.plain(title) for name, title in titles.items()})
    found = wait(results.groups(subject, column))
    st.subheader(say.plain(wording.headline(found, rate, target)))
    figure.draw(
        charts.rates(found, rate, categories()[0]),
        key=f"groups-{rate}",
        alt=f"{titles[rate]} in groups by {found.column}, with 95 % intervals",
        config=SAVABLE,
    )
    for sentence in wording.notes(found, rate):
        st.markdown(say.plain(sentence))
    st.caption(wording.NO_CAUSES)
    tables.take_away(wording.cells(found), "groups", key="groups-csv", of=subject.classifier.key)
