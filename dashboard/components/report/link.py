"""The ways to the report and to its slides. Light: the first page must not wait for what a report takes."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import session
from dashboard.navigation import find_page
from dashboard.parameters import SLIDE, Parameter, in_report

PAGE = find_page("report")


def is_presenting() -> bool:
    """Whether slides stand in place of the page."""
    return SLIDE.text(session.settings()) is not None


def present_button(path: str) -> None:
    """Show what is looked at as slides, from the first.

    Args:
        path: of the page, whose view goes into them.
    """
    st.button(
        "Present",
        key="present",
        icon=":material/slideshow:",
        help="Slides of the views that the report holds, with this one among them: one finding and one picture each.",
        on_click=session.choose_parameters,
        args=({SLIDE: 1} | _with_view(path),),
    )


def _with_view(path: str) -> dict[Parameter[Any], Any]:
    """What adds a page's view to the report: the first page's is in every one, and the report has none of its own."""
    return {} if path in ("", PAGE.path) else {in_report(path): True}


def button(path: str) -> None:
    """Go to the report of what is looked at; nothing on its own page.

    Args:
        path: of the page that is left, whose view goes into the report.
    """
    if path == PAGE.path:
        return
    pressed = st.button(
        PAGE.title,
        key="to-report",
        icon=PAGE.icon,
        help="Make one file of what is looked at, to hand over.",
        on_click=session.choose_parameters,
        args=(_with_view(path),),
    )
    if pressed:
        session.switch(PAGE.file)
