"""What a run learns from: its pictures, its classes in order, and what was found in its folder."""

from __future__ import annotations

import streamlit as st

from dashboard.components import say
from dashboard.wording import training
from models.runtime.errors import UserError
from models.training.runs import Run


def draw(run: Run) -> None:
    """A line, and the remarks on a folder; nothing before the run has read its pictures."""
    try:
        facts = run.facts()
    except UserError:
        return
    st.caption(say.plain(training.data(facts)))
    if facts.remarks:
        st.info("\n".join(f"- {say.plain(sentence)}" for sentence in facts.remarks), icon=":material/folder:")
