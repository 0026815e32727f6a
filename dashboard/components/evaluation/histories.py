"""How often a network names the next choice among ten films, beside popularity and what can be known at most."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.charts.evaluation import hits as charts
from dashboard.components import figure, look, say
from dashboard.components.figure import SAVABLE
from dashboard.components.history import trust
from dashboard.components.palette import categories
from dashboard.components.wait import wait_or_end
from dashboard.navigation import find_home
from dashboard.results import history as results
from dashboard.selection import Selection
from dashboard.wording import history as wording
from models.history.classifier import Recommender


def draw(selection: Selection) -> None:
    """The whole view."""
    network = look.network(selection, Recommender)
    found = wait_or_end(results.hit_rates(network))
    st.header(say.plain(wording.hits_headline(network.title, found)))
    figure.draw(
        charts.by_length(found, categories()),
        key="hits-by-length",
        alt="Share of people whose next choice is among ten films, by how many films they chose, by whom the ten are "
        "named",
        config=SAVABLE,
    )
    st.caption(say.plain(wording.HOW_COUNTED))
    st.markdown(say.plain(wording.beside_popularity(found)))
    trust.reasons(network)
    st.caption(say.plain(wording.MADE_UP))
    home = find_home(network.reads)
    if home is not None:
        st.page_link(
            home.file,
            label=f"{home.title} shows them one by one",
            icon=home.icon,
            query_params=session.address(),
        )
