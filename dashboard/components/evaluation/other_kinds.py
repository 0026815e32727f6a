"""How good a network is that reads no pictures: the view of its kind, or the way to the page that says it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import session
from dashboard.components import say
from dashboard.components.evaluation import texts
from dashboard.navigation import find_home
from dashboard.selection import Selection
from models.kinds import KINDS, TEXT
from models.networks import find_network

# By what is read.
VIEWS: dict[str, Callable[[Selection], None]] = {TEXT: texts.draw}


def draw(selection: Selection) -> None:
    """The view of what the network reads."""
    entry = find_network(selection.model)
    if entry.reads in VIEWS:
        VIEWS[entry.reads](selection)
        return
    st.header(say.plain(f"{entry.title} reads {KINDS[entry.reads].many}, which are not measured here."))
    home = find_home(entry.reads)
    if home is not None and st.button(f"Look at it on the page {home.title}", key="home", icon=home.icon):
        session.switch(home.file)
