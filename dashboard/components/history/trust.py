"""How far to trust recommendations: hits beside popularity, and reasons beside known tastes, over made-up people."""

from __future__ import annotations

import streamlit as st

from dashboard.components import say
from dashboard.components.wait import wait, wait_unless_stopped
from dashboard.inspection.history import HISTORY_METHODS
from dashboard.results import history as results
from dashboard.wording import history as wording
from models.history.classifier import Recommender


def draw(network: Recommender) -> None:
    """What was measured of the network and of the methods, and that all of it is made up."""
    st.subheader("How far to trust it")
    st.markdown(say.plain(wording.beside_popularity(wait(results.hit_rates(network)))))
    reasons(network)
    st.caption(say.plain(wording.MADE_UP))


def reasons(network: Recommender) -> None:
    """How often the film that counts most is one that the known taste names."""
    found = wait_unless_stopped(results.agreement(network))
    if found is None:
        return
    titles = [HISTORY_METHODS[name].title for name in found.methods]
    st.markdown(say.plain(wording.agreement(found, titles)))
    st.caption(say.plain(wording.HOW_CHECKED))
