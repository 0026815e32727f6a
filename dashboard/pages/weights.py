"""Weights: what training wrote into the network, layer by layer."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.components import weights
from dashboard.components.wait import slot
from dashboard.components.weights import subject

looked_at = subject.looked_at(session.visit().selection)
top = slot()
chosen = weights.chosen()
st.caption(chosen.question)
chosen.draw(looked_at, top)
