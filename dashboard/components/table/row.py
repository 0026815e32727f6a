"""The row that is looked at: one of the test rows, and sliders that change its values within the data's bounds."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard import session
from dashboard.components import choice, say
from dashboard.components.wait import wait
from dashboard.inspection.table import FIRST
from dashboard.parameters import TABLE_CLASS, TABLE_ROW
from dashboard.results import table as results
from dashboard.results.table import TableSubject
from models.table.classifier import TableClassifier
from models.table.columns import Column
from models.table.tables import LabelledTable, Rows
from models.training.tables import table_of

SPLIT = "test"
# Sliders that stand open; the rest is folded.
OPEN, BESIDE = 8, 2
# Of a slider over the bounds of its column, at least; the step is a power of ten, on which most tables' values lie.
STEPS = 100
# Test rows that a box lists.
MOST_OFFERED = 1000
# Whole numbers that a browser tells apart.
EXACT = 2**53
# How often sliders were put back.
PUT_BACK = "rows-put-back"


def choose(classifier: TableClassifier) -> tuple[TableSubject, TableSubject]:
    """The boxes and sliders; the row as the table has it, and as it is now, with the class that is explained."""
    labelled = table_of(classifier.fits)
    rows = labelled.load()
    place = TABLE_ROW.read(session.settings(), high=labelled.counts[SPLIT] - 1)
    which, explained = st.columns(2, vertical_alignment="bottom")
    with which:
        _which(labelled, rows, place)
    wanted = TABLE_CLASS.parse(session.settings())
    target = wanted if wanted in range(len(labelled.classes)) else None
    original = results.subject(classifier, rows.values[SPLIT][place], target)
    with explained:
        choice.select(
            "Explained class",
            range(len(labelled.classes)),
            original.target,
            lambda chosen: session.choose_parameter(TABLE_CLASS, chosen),
            key="table-class",
            title=labelled.classes.__getitem__,
        )
    values = _sliders(original, place)
    # A class that nobody chose is the first answer to the row as it was, so that bars stay of one class.
    return original, results.subject(classifier, values, original.target)


def _which(labelled: LabelledTable, rows: Rows, place: int) -> None:
    """The box of all test rows with their classes; of so many that no box holds them, their number."""
    count = labelled.counts[SPLIT]
    text = f"One of the {count:,} test rows of {labelled.title}, which no network here learned from."
    if count <= MOST_OFFERED:
        choice.select(
            "Row",
            range(count),
            place,
            _look_at,
            key="table-row",
            title=lambda row: f"{row}: {labelled.classes[rows.targets[SPLIT][row]]}",
            text=text,
        )
        return
    st.number_input(
        say.plain(f"Row: {labelled.classes[rows.targets[SPLIT][place]]}"),
        0,
        count - 1,
        key=session.control("table-row-number", place),
        on_change=lambda: _look_at(session.entry("table-row-number")),
        help=text,
    )


def _look_at(place: int) -> None:
    session.choose_parameters({TABLE_ROW: place, TABLE_CLASS: None})


def _sliders(subject: TableSubject, place: int) -> NDArray[np.float64]:
    """A slider for each column, those that count most first; the row that they make."""
    columns, values = subject.classifier.columns.columns, subject.row.copy()
    found = wait(results.attribution(subject, FIRST))
    order = list(range(len(columns))) if found.values is None else found.ranking
    # Sliders that are put back are new ones, which begin at what the table has.
    times: int = session.entry(PUT_BACK, 0)
    keys = [f"cell-{subject.classifier.fits}-{place}-{column}-{times}" for column in range(len(columns))]
    shown, folded = order[:OPEN], order[OPEN:]
    for first in range(0, len(shown), BESIDE):
        for place_of, column in zip(st.columns(BESIDE), shown[first : first + BESIDE], strict=False):
            with place_of:
                values[column] = _control(columns[column], subject.row[column], keys[column])
    with st.container(horizontal=True):
        if folded:
            with st.popover(f"{len(folded)} more columns", icon=":material/tune:"):
                for column in folded:
                    values[column] = _control(columns[column], subject.row[column], keys[column])
        st.button(
            "Put all back",
            icon=":material/undo:",
            key="put-row-back",
            on_click=lambda: _put_back(times),
        )
    return values


def _put_back(times: int) -> None:
    session.control(PUT_BACK, times + 1)


def _control(column: Column, value: float, key: str) -> float:
    """A value within the bounds of what was learned from, and of the row itself; NaN where it is to be missing."""
    missing = math.isnan(value)
    if (column.missing or missing) and not st.toggle(
        f"{say.plain(column.name)} is known", value=not missing, key=f"{key}-known", persist_state="session"
    ):
        return math.nan
    if column.categories:
        usual = int(np.argmax(column.shares))
        chosen: int = st.selectbox(
            say.plain(column.name),
            range(len(column.categories)),
            index=usual if missing else int(value),
            format_func=column.categories.__getitem__,
            key=key,
            persist_state="session",
        )
        return float(chosen)
    return _slider(column, column.start if missing else value, key)


def _slider(column: Column, value: float, key: str) -> float:
    low, high = min(column.low, value), max(column.high, value)
    if low == high:
        st.caption(say.plain(f"{column.name}: always {value:g}"))
        return value
    if column.whole and float(value).is_integer() and max(abs(low), abs(high)) < EXACT:
        whole: int = st.slider(
            say.plain(column.name), int(low), int(high), int(value), key=key, persist_state="session"
        )
        return float(whole)
    moved: float = st.slider(
        say.plain(column.name),
        low,
        high,
        float(value),
        step=10.0 ** math.floor(math.log10((high - low) / STEPS)),
        format="%.4g",
        key=key,
        persist_state="session",
    )
    return moved
