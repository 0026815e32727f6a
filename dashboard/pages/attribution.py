"""Attribution: bring your own photos and ask why, several ways side by side."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.charts.words import certainty, significant
from dashboard.components import compare, explain, methods, photos, say
from dashboard.components.grid import grid
from dashboard.components.view import look, mismatch

view = look(session.visit().selection)
prediction = view.prediction
first, second = prediction.ranked()[:2]

answer = certainty(
    float(prediction.probabilities[first]),
    prediction.classes[first],
    (float(prediction.probabilities[second]), prediction.classes[second]),
)
st.header(
    say.plain(
        answer if view.model.trained else f"Untrained, so this is a guess: {prediction.classes[first]}."
    )
)
score = significant(float(prediction.logits[view.target]))
st.markdown(
    say.plain(
        f"Why {view.title}? Its score is {score}; each map below says what that rests on, and what the map is worth."
    )
)
if (sentence := mismatch(view)) is not None:
    say.warning(sentence)

bring, ask = st.columns([2, 3], gap="large")
with bring:
    photos.photos_in(view)
with ask:
    chosen = methods.pickers(view)
    with st.container(horizontal=True):
        methods.settings_of(view, chosen)
        compare.pickers(view)
photos.table(view)
grid(chosen, compare.subjects(view), strength=explain.strength())
