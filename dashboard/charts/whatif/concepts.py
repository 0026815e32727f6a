"""Scores of concepts over the layers, in the band of random ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.charts.axes import canvas
from dashboard.charts.literal import literal
from dashboard.charts.palette import OTHER_POINTS, with_opacity
from dashboard.records.whatif import Concepts, ConceptScore

# Whole on the first screen below a headline of two lines and what an example is.
HEIGHT = 300
# Of random concepts, so many lie in the band.
BAND = (5, 95)


def strip(found: Concepts, matters: Callable[[ConceptScore], bool], palette: Sequence[str]) -> go.Figure:
    """A line for each concept; a full mark is one that no random concept explains.

    Args:
        found: scores.
        matters: whether one can be told from random concepts.
        palette: their colours.
    """
    layers = [literal(layer) for layer in found.layers]
    random = [found.score(found.names[0], layer).random for layer in found.layers]
    low, high = (np.array([np.percentile(values, end) for values in random]) for end in BAND)
    band = go.Scatter(
        x=[*layers, *layers[::-1]],
        y=[*high, *low[::-1]],
        mode="lines",
        fill="toself",
        fillcolor=with_opacity(OTHER_POINTS, 0.2),
        line={"width": 0},
        hoverinfo="skip",
        name="Random concepts, 90 %",
    )
    lines = []
    for number, name in enumerate(found.names):
        colour = palette[number % len(palette)]
        scores = [found.score(name, layer) for layer in found.layers]
        lines.append(
            go.Scatter(
                x=layers,
                y=[score.score for score in scores],
                mode="lines+markers",
                name=literal(name),
                line={"color": colour, "width": 2},
                marker={
                    "size": 12,
                    "symbol": ["circle" if matters(score) else "circle-open" for score in scores],
                    "color": colour,
                },
                hovertemplate="%{fullData.name}, %{x}: %{y:.2f}<extra></extra>",
            )
        )
    return go.Figure(
        [band, *lines],
        layout=go.Layout(
            **canvas(HEIGHT, top=16),
            xaxis={"type": "category", "showgrid": False, "fixedrange": True, "automargin": True},
            yaxis={
                "title": {"text": "Share of pictures whose logit grows"},
                "range": [-0.04, 1.04],
                "gridwidth": 0.5,
                "fixedrange": True,
                "automargin": True,
            },
            legend={"orientation": "h", "y": -0.2, "x": 0},
        ),
    )
