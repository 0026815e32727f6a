"""What the network answers, and how sure it is: the sentence on top, and the most probable classes."""

from __future__ import annotations

import math

import streamlit as st

from dashboard.components import say
from dashboard.records.pictures import Prediction
from dashboard.view import View, mismatch
from dashboard.wording import answer
from dashboard.wording.numbers import percent


def headline(view: View) -> None:
    """The answer as the page's heading."""
    st.header(say.plain(answer.headline(view.prediction, trained=view.model.trained)))


def caution(view: View) -> None:
    """A warning where photo and network do not belong together."""
    sentence = mismatch(view)
    if sentence is not None:
        say.warning(sentence)


def classes(prediction: Prediction, *, explained: int) -> None:
    """The most probable classes, the best on top, as bars of their shares; the one that is explained in bold.

    These are Streamlit's own bars: the first page need not wait for a library of charts.
    """
    for index in answer.top_classes(prediction, explained):
        share = float(prediction.probabilities[index])
        name = say.plain(answer.class_label(prediction, index))
        length = min(max(share, 0.0), 1.0) if math.isfinite(share) else 0.0
        st.progress(
            length,
            text=f"**{name}** · {percent(share)}" if index == explained else f"{name} · {percent(share)}",
        )
