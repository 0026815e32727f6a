"""What is known of a network beside its tensors, each entry with its ground; what is assumed can be changed."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.components import say
from dashboard.view import View
from dashboard.wording.contract import Entry, assumptions, entries, tally
from models.meaning import Basis
from models.photos.uploads import SCHEME

ICONS: dict[Basis, str] = {
    "measured": ":material/straighten:",
    "told by the file": ":material/description:",
    "said by a person": ":material/person:",
    "assumed": ":material/help:",
}


def _rows(view: View) -> list[Entry]:
    of = view.classifier
    return entries(of.contract, of.claims, of.preprocessing, of.classes)


def caveat(view: View) -> None:
    """A line on what is assumed of a checkpoint, with where it is changed."""
    sentence = assumptions(_rows(view))
    if sentence and view.model.name.startswith(SCHEME):
        st.caption(f":material/help: {say.plain(sentence)} Change it under **Your checkpoint**.")


def draw(view: View) -> None:
    """A fold with a row for each entry."""
    rows = _rows(view)
    with st.expander(f"What is known of this network: {tally(rows)}", icon=":material/fact_check:"):
        lines = [f"| {row.what} | {say.plain(row.found)} | {ICONS[row.basis]} {row.basis} |" for row in rows]
        st.markdown("\n".join(("| About | What is known | Ground |", "|---|---|---|", *lines)))
        if any(row.basis == "assumed" for row in rows) and view.model.name.startswith(SCHEME):
            st.button(
                "Change what is assumed",
                icon=":material/edit:",
                key="change-assumed",
                on_click=session.tell_of,
                args=(view.model.name,),
                help="Opens Your checkpoint, in the sidebar, with what only you know.",
            )
