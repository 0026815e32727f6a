"""The way to the report from every other page. Light: the first page must not wait for what a report takes."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.navigation import find_page
from dashboard.parameters import in_report

PAGE = find_page("report")


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
        # The first page's view is in every report.
        args=({in_report(path): True} if path else {},),
    )
    if pressed:
        session.switch(PAGE.file)
