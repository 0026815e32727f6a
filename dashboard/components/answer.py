"""The sentence on top: what the network answers, and how sure it is."""

from __future__ import annotations

import streamlit as st

from dashboard.charts.words import certainty
from dashboard.components import say
from dashboard.components.view import View, mismatch


def headline(view: View) -> None:
    """The answer as the page's heading."""
    prediction = view.prediction
    first, *others = [
        (float(prediction.probabilities[index]), prediction.classes[index]) for index in prediction.ranked()
    ]
    if not view.model.trained:
        st.header(say.plain(f"Untrained, so this is a guess: {first[1]}."))
    else:
        st.header(say.plain(certainty(*first, others[0] if others else (0.0, "anything else"))))


def caution(view: View) -> None:
    """A warning where photo and network do not belong together."""
    sentence = mismatch(view)
    if sentence is not None:
        say.warning(sentence)
