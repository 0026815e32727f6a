"""The views of the Weights page: one table, and the choice among them."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.components import tabs
from dashboard.components.tabs import Tab
from dashboard.components.wait import slot
from dashboard.components.weights import (
    comparison,
    distributions,
    filters,
    footprint,
    health,
    history,
    spectrum,
)
from dashboard.components.weights.subject import WeightsSubject
from dashboard.parameters import ASPECT, VIEW

TABS: dict[str, Tab[[WeightsSubject, DeltaGenerator]]] = {
    "distributions": Tab("Distributions", distributions.draw, "How widely are each layer's weights spread?"),
    "against": Tab("Compare", comparison.draw, "What did training change?"),
    "training": Tab("Over training", history.draw, "How did they become what they are?"),
    "filters": Tab("Filters", filters.draw, "What does a layer look for?"),
    "health": Tab("Health", health.draw, "Is anything broken, dead or never trained?"),
    "spectrum": Tab("Spectrum", spectrum.draw, "How many directions does a layer use?"),
    "footprint": Tab("Footprint", footprint.draw, "How large is it, and how small could it be?"),
}


def draw(subject: WeightsSubject) -> None:
    """The view of the address, below the control that chooses another; what it finds is said first."""
    # Older links say `p.view`, which has become the name of the views of Activations.
    earlier = VIEW.text(subject.selection.parameters)
    tab = tabs.pick(ASPECT, TABS, default=earlier if earlier in TABS else None)
    top = slot()
    st.caption(tab.question)
    tab.draw(subject, top)
