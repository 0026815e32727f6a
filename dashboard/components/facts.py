"""The facts of a network: size, cost, input, source and terms."""

from __future__ import annotations

import streamlit as st

from dashboard import cache
from dashboard.components import say
from dashboard.view import View
from dashboard.wording.answer import plural
from dashboard.wording.numbers import percent, si


def draw(view: View) -> None:
    """A row of numbers and a line of provenance."""
    numbers, provenance = cache.facts(view.classifier), view.classifier.provenance
    channels, height, width = numbers.input_shape
    st.subheader(f"About {say.plain(view.model.title)}")
    with st.container(horizontal=True):
        st.metric(
            "Parameters", si(numbers.parameters), border=True, help=f"{numbers.parameters:,} numbers, learned"
        )
        st.metric(
            "FLOPs per image",
            si(numbers.flops),
            border=True,
            help="Convolutions and matrix products of one forward pass; a multiplication and its addition are two.",
        )
        st.metric("Input", f"{width} x {height} x {channels}", border=True, help="Width, height, channels")
        st.metric(plural(view.prediction), f"{numbers.classes:,}", border=True)
        if provenance.accuracy is not None:
            st.metric(
                "Top-1 accuracy",
                percent(provenance.accuracy),
                border=True,
                help=say.plain(provenance.trained_on),
            )
    trained = f"trained on {provenance.trained_on}" if view.model.trained else "untrained: random weights"
    st.caption(
        say.plain(f"Source: {provenance.source}; {trained}. Licence of the weights: {provenance.licence}.")
    )
