"""Weights: what training wrote into the network, layer by layer."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.components import say
from dashboard.components.weights import subject, views
from dashboard.wording.weights import computed_weights

looked_at = subject.subject_of(session.visit().selection)
if looked_at.weights.computed:
    st.caption(say.plain(computed_weights(looked_at.weights.computed)))
views.draw(looked_at)
