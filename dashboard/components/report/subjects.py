"""What the report of the address is about, by what its network reads. A kind of input is an entry of a table here."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from dashboard import session
from dashboard.components import say
from dashboard.components.look import look, network
from dashboard.components.report.link import PAGE
from dashboard.parameters import PASTED, SLIDE, merge
from dashboard.report.chapter import Reported, ReportSubject, home, runs_of
from dashboard.report.inputs import (
    HistoryReport,
    RowReport,
    TextReport,
    history_report,
    row_report,
    text_report,
)
from dashboard.selection import Selection
from dashboard.texts import find_text
from models.history.classifier import Recommender
from models.kinds import HISTORY, PICTURES, TABLE
from models.kinds import TEXT as TEXTS
from models.networks import find_network
from models.runtime.errors import UserError
from models.table.classifier import TableClassifier
from models.text.classifier import TextClassifier


def current(path: str = PAGE.path) -> Reported:
    """What a report is about, by the address of the page of that path; where that is gone, the page ends here."""
    selection = session.visit().selection
    # Which slide is shown makes no other report.
    quiet = dataclasses.replace(selection, parameters=merge(selection.parameters, {SLIDE: None}))
    address = home((st.context.url or "").rstrip("/").removesuffix(f"/{path}"))
    build = SUBJECTS[find_network(selection.model).reads]
    try:
        return build(quiet, {"owner": session.owner(), "home": address})
    except UserError as gone:
        say.problem(str(gone))
        st.stop()


def _picture(selection: Selection, known: Mapping[str, Any]) -> ReportSubject:
    view = look(session.visit().selection)
    view = dataclasses.replace(
        view, selection=dataclasses.replace(view.selection, parameters=selection.parameters)
    )
    return ReportSubject(view, runs_of(view), session.own_pictures(), **known)


def _row(selection: Selection, known: Mapping[str, Any]) -> RowReport:
    return row_report(selection, network(selection, TableClassifier), **known)


def _text(selection: Selection, known: Mapping[str, Any]) -> TextReport:
    digits = PASTED.text(selection.parameters)
    own = None if digits is None else find_text(digits, session.owner())
    return text_report(selection, network(selection, TextClassifier), own, **known)


def _history(selection: Selection, known: Mapping[str, Any]) -> HistoryReport:
    return history_report(selection, network(selection, Recommender), **known)


# By the names of models.kinds.
SUBJECTS: Mapping[str, Callable[[Selection, Mapping[str, Any]], Reported]] = {
    PICTURES: _picture,
    TEXTS: _text,
    TABLE: _row,
    HISTORY: _history,
}
