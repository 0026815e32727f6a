"""Why: what each column counts for, as bars, and what they are worth."""

from __future__ import annotations

import streamlit as st

from dashboard.charts.table.waterfall import waterfall
from dashboard.charts.text.bars import bars
from dashboard.components import choice, figure, say, tables
from dashboard.components.figure import SAVABLE
from dashboard.components.wait import wait_unless_stopped
from dashboard.inspection.table import TABLE_METHODS
from dashboard.parameters import COUNTS_BY, DRAWN_AS
from dashboard.results import table as results
from dashboard.results.table import TableSubject
from dashboard.wording import table as wording
from dashboard.wording.numbers import shorten

# Bars of the chart; the table to take away has all.
MOST_ROWS = 10
# Letters of a column's name beside its value.
LONGEST = 18


def draw(subject: TableSubject) -> None:
    """The method's control, the columns that count most, and how to read them."""
    titles = {name: method.title for name, method in TABLE_METHODS.items()}
    method = TABLE_METHODS[choice.segments("Method", COUNTS_BY, titles)]
    found = wait_unless_stopped(results.attribution(subject, method))
    if found is None:
        return
    if found.values is None:
        say.problem(found.outcome.reason)
        return
    columns, target = subject.classifier.columns, subject.prediction.classes[subject.target]
    st.subheader(say.plain(f"What each column counts for: {target}"))
    drawn = choice.segments("Drawn as", DRAWN_AS, {"bars": "Bars", "waterfall": "Waterfall"})
    places = found.ranking[:MOST_ROWS]
    labels = [
        f"{shorten(column.name, LONGEST)} = {shorten(column.word(subject.row[place]), LONGEST)}"
        for place in places
        for column in [columns.columns[place]]
    ]
    if drawn == "bars":
        errors = None if found.errors is None else found.errors[places]
        chart = bars(labels, found.values[places], signed=True, errors=errors)
    else:
        chart = waterfall(labels, found.values[places], start=found.nothing, end=found.explained)
    figure.draw(
        chart,
        key=f"table-{drawn}-{found.method}",
        alt="The columns that count most, and for how much",
        config=SAVABLE,
    )
    if found.outcome.reason:
        say.warning(found.outcome.reason)
    st.caption(say.plain(f"{method.question} {method.reading} {wording.sums_up(found)}"))
    if found.errors is not None and drawn == "bars":
        st.caption("Whiskers: two standard errors to each side, of the orders that were drawn.")
    cells: dict[str, list[object]] = {
        "Column": list(columns.names),
        "Value": [
            column.word(value) if column.categories else float(value)
            for column, value in zip(columns.columns, subject.row, strict=True)
        ],
        "Counts for": found.values.tolist(),
    }
    tables.take_away(cells, "columns", key="table-csv", of=subject.classifier.key)
    st.caption(say.plain(f"Source: {method.paper.citation}"))
