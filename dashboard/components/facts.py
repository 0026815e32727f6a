"""The facts of a network: size, cost, input, source and terms."""

from __future__ import annotations

import streamlit as st

from dashboard import cache
from dashboard.components import key_figures, say
from dashboard.components.key_figures import KeyFigure
from dashboard.view import View
from dashboard.wording.answer import plural
from dashboard.wording.numbers import percent, si


def draw(view: View) -> None:
    """A row of numbers and a line of provenance."""
    numbers, provenance = cache.facts(view.classifier), view.classifier.provenance
    channels, height, width = numbers.input_shape
    st.subheader(f"About {say.plain(view.model.title)}")
    key_figures.draw(
        KeyFigure("Parameters", si(numbers.parameters), f"{numbers.parameters:,} numbers, learned"),
        KeyFigure(
            "FLOPs per image",
            si(numbers.flops),
            "Convolutions and matrix products of one forward pass; a multiplication and its addition are two.",
        ),
        KeyFigure("Input", f"{width} x {height} x {channels}", "Width, height, channels"),
        KeyFigure(plural(view.prediction), f"{numbers.classes:,}"),
        None
        if provenance.accuracy is None
        else KeyFigure("Top-1 accuracy", percent(provenance.accuracy), say.plain(provenance.trained_on)),
    )
    trained = f"trained on {provenance.trained_on}" if view.model.trained else "untrained: random weights"
    st.caption(
        say.plain(f"Source: {provenance.source}; {trained}. Licence of the weights: {provenance.licence}.")
    )
