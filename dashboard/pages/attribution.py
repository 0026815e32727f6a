"""Attribution: bring your own photos and ask why, several ways side by side."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.charts.words import certainty, significant
from dashboard.components import compare, explain, methods, photos, say
from dashboard.components.maps_grid import grid
from dashboard.components.view import look, mismatch

view = look(session.visit().selection)
prediction = view.prediction
first, second = prediction.ranked()[:2]

answer = certainty(
    float(prediction.probabilities[first]),
    prediction.classes[first],
    (float(prediction.probabilities[second]), prediction.classes[second]),
)
st.header(say.plain(answer if view.model.trained else f"Untrained, so this is a guess: {prediction.classes[first]}."))
st.markdown(
    say.plain(f"Why {view.title}? Its score is {significant(float(prediction.logits[view.target]))}; each map says what that rests on.")
)
if (sentence := mismatch(view)) is not None:
    say.warning(sentence)

with st.expander("Bring or choose photos", icon=":material/add_photo_alternate:", expanded=True):
    photos.photos_in(view)
photos.table(view)
chosen = methods.pickers(view)
with st.expander("Compare side by side", icon=":material/compare:"):
    compare.pickers(view)
grid(chosen, compare.subjects(view), strength=explain.strength())
