"""What a run learns from: its pictures, its classes in order, and what was found in its folder."""

from __future__ import annotations

import streamlit as st

from dashboard.components import say
from dashboard.wording import training
from models.runtime.errors import UserError
from models.training.runs import Run


def draw(run: Run) -> None:
    """A line, with the remarks on a folder; nothing before the run has read its pictures."""
    try:
        facts = run.facts()
    except UserError:
        return
    st.caption(say.plain(" ".join((training.data(facts), *facts.remarks))))
