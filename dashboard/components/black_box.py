"""In the place of layers, where a network has none that can be looked at: what it gives all the same."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.components import say
from dashboard.navigation import find_page
from dashboard.view import View
from dashboard.wording import contract

WAYS = tuple(map(find_page, ("attribution", "what-if", "evaluation")))


def draw(view: View) -> None:
    """Why nothing of it can be seen, and where to go on."""
    st.header(say.plain(contract.sealed(view.model.title, view.classifier.sealed)))
    st.markdown(say.plain(contract.BESIDE))
    for page, place in zip(WAYS, st.columns(len(WAYS)), strict=True):
        with place:
            if st.button(
                page.title, icon=page.icon, key=f"sealed-{page.path}", width="stretch", help=page.summary
            ):
                session.switch(page.file)
