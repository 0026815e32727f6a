"""What would turn the answer: the nearest row that the network calls something else."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.components import say, tables
from dashboard.components.wait import wait, wait_unless_stopped
from dashboard.parameters import HELD
from dashboard.records.table import Counterfactual
from dashboard.results import table as results
from dashboard.results import table_rows as rows
from dashboard.results.table import TableSubject
from dashboard.wording import table as wording

# Columns in which the nearest row differs most.
MOST_SHOWN = 8


def draw(subject: TableSubject) -> None:
    """What cannot change, the few changes that would do, and how far from the data they lead."""
    columns = subject.classifier.columns
    held = HELD.read(session.settings(), len(columns))
    st.multiselect(
        "What cannot change",
        range(len(columns)),
        format_func=columns.names.__getitem__,
        key=session.control("held", sorted(held)),
        on_change=_hold,
        placeholder="Every column may change",
        help="Columns that stay as they are: an age, say, which nobody can lower.",
    )
    found = wait_unless_stopped(results.counterfactual(subject, held))
    if found is None:
        return
    st.subheader(say.plain(wording.counterfactual(found, columns.names)))
    if found.found:
        _show(subject, found)
    else:
        st.caption(say.plain(wording.NONE_FOUND))
    _show_nearest(subject)


def _show(subject: TableSubject, found: Counterfactual) -> None:
    """From what to what each column would change, and how far from the data that leads."""
    columns = subject.classifier.columns
    cells: dict[str, list[object]] = {
        "Column": [columns.names[place] for place in found.columns],
        **{
            title: [columns.columns[place].word(row[place]) for place in found.columns]
            for title, row in (("It is", subject.row), ("It would be", found.row))
        },
    }
    st.dataframe(cells, hide_index=True, alt="The columns that would change, from what to what")
    st.markdown(say.plain(wording.how_far(found)))
    st.caption(say.plain(wording.HOW_SEARCHED))
    tables.take_away(cells, "counterfactual", key="counterfactual-csv", of=subject.classifier.key)


def _show_nearest(subject: TableSubject) -> None:
    """The nearest row that exists and is called something else, and what sets it apart."""
    columns, classes = subject.classifier.columns, subject.prediction.classes
    found = wait(rows.nearest_other(subject))
    st.subheader("The nearest real row with another answer")
    if found is None:
        st.markdown(say.plain(wording.NO_OTHER_ROW))
        return
    st.markdown(say.plain(wording.nearest(found, columns.names, classes)))
    shown = found.columns[:MOST_SHOWN]
    st.dataframe(
        {
            "Column": [columns.names[place] for place in shown],
            "This row": [columns.columns[place].word(subject.row[place]) for place in shown],
            "That row": [columns.columns[place].word(found.row[place]) for place in shown],
            "Of the distance": found.shares[: len(shown)].tolist(),
        },
        hide_index=True,
        column_config={"Of the distance": st.column_config.ProgressColumn(format="percent", max_value=1)},
        alt="The columns in which the nearest row with another answer differs most",
    )


def _hold() -> None:
    held = frozenset(session.entry("held"))
    if HELD.holds(held):
        session.choose_parameter(HELD, held or None)
    else:
        session.tell("No link can name so many columns; let some change.")
