"""The frame around a page while the network that is looked at reads no pictures."""

from __future__ import annotations

import html

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import session
from dashboard.components import door, glossary, network_box, say, tour
from dashboard.components.report import link
from dashboard.navigation import Page, find_home
from models.kinds import KINDS
from models.networks import find_network, on_board
from models.zoo.entry import Model


def draw(top: DeltaGenerator, page: Page, entry: Model) -> bool:
    """The sidebar and the line above the page; where the page is of another kind, what stands in its place.

    Args:
        top: a row above the page.
        page: that is opened.
        entry: of the network that is looked at.

    Returns:
        Whether the page looks at such networks.
    """
    with st.sidebar:
        network_box.draw(entry, {})
        glossary.box()
        door.leave()
    glossary.underline()
    st.set_page_config(page_title=f"{page.title}: {entry.title} - Vitrine")
    with top:
        with st.container(key="looked-at"):
            st.html(f'<div class="looked-at"><span>{html.escape(entry.title)}</span></div>')
        with st.container(horizontal=True, width="content"):
            tour.button(page.path)
            # Their chapters are not those of pages.
            link.present_button("")
            link.button("" if page.path != link.PAGE.path else page.path)
    tour.draw(page.path)
    say.warning(*session.visit().problems)
    if page.reads in ("", entry.reads):
        return True
    _say_where(page, entry)
    return False


def _say_where(page: Page, entry: Model) -> None:
    """What the network reads, the way to the page of its kind, and the way back to a network of this page."""
    reads, wanted = KINDS[entry.reads].many, KINDS[page.reads].many
    st.header(say.plain(f"{entry.title} reads {reads}; this page looks at networks that read {wanted}."))
    home = find_home(entry.reads)
    first = find_network(on_board(page.reads)[0])
    with st.container(horizontal=True, vertical_alignment="center"):
        if home is not None and st.button(
            f"Look at it on the page {home.title}", key="home", icon=home.icon, type="primary"
        ):
            session.switch(home.file)
        st.button(
            f"Look at {first.title}",
            key="other-kind",
            icon=":material/visibility:",
            on_click=session.choose_model,
            args=(first.name,),
        )
