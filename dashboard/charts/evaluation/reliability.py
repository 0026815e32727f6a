"""How sure a network is against how often it is right, with the number of pictures behind each bar."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.charts.axes import BARE, LINED, PERCENT, canvas
from dashboard.records.evaluation import BINS, Reliability
from dashboard.wording.numbers import rate

HEIGHT = 420
# Where the two parts of the figure lie: the counts below, the shares above.
COUNTS, SHARES = (0.0, 0.2), (0.3, 1.0)
EDGES = np.linspace(0, 1, BINS + 1)
TICKS = (0, 20, 40, 60, 80, 100)
CENTRES = (EDGES[:-1] + EDGES[1:]) / 2


def bars(reliability: Reliability, palette: Sequence[str], *, ink: str, many: str = "pictures") -> go.Figure:
    """Accuracy by confidence as bars along the diagonal of a network that can be taken at its word.

    Args:
        reliability: on all pictures.
        palette: colours.
        ink: of the text, for the diagonal.
        many: what was measured, in words.
    """
    filled = np.flatnonzero(reliability.counts)
    return go.Figure(
        [
            go.Bar(
                x=100 * CENTRES[filled],
                y=100 * reliability.accuracy[filled],
                width=100 / BINS,
                marker={"color": palette[0], "line": {"width": 0}},
                text=[_description(reliability, int(place), many) for place in filled],
                textposition="none",
                hovertemplate="%{text}<extra></extra>",
            ),
            _diagonal(ink),
            go.Scatter(
                x=100 * reliability.confidence[filled],
                y=100 * reliability.accuracy[filled],
                mode="markers",
                marker={"size": 7, "color": palette[1]},
                hoverinfo="skip",
                cliponaxis=False,
            ),
            go.Bar(
                x=100 * CENTRES[filled],
                y=reliability.counts[filled],
                width=100 / BINS,
                marker={"color": palette[7], "line": {"width": 0}},
                text=[_description(reliability, int(place), many) for place in filled],
                textposition="none",
                hovertemplate="%{text}<extra></extra>",
                yaxis="y2",
            ),
        ],
        layout=_layout(counts=many.capitalize(), legend=False),
    )


def lines(before: Reliability, after: Reliability, palette: Sequence[str], *, ink: str) -> go.Figure:
    """The same pictures as they are and with the logits divided: mean confidence against accuracy of each bin."""
    traces = [
        go.Scatter(
            x=100 * reliability.confidence[filled],
            y=100 * reliability.accuracy[filled],
            name=name,
            mode="lines+markers",
            line={"color": palette[colour], "width": 2},
            # An area in proportion to the count; the least is still a dot.
            marker={"size": 5 + 18 * np.sqrt(reliability.counts[filled] / reliability.counts.sum())},
            text=[_description(reliability, int(place), "pictures") for place in filled],
            hovertemplate="%{text}<extra></extra>",
            cliponaxis=False,
        )
        for name, reliability, colour in (("As it is", before, 1), ("Divided", after, 2))
        for filled in [np.flatnonzero(reliability.counts)]
    ]
    return go.Figure([_diagonal(ink), *traces], layout=_layout(counts="", legend=True))


def _description(reliability: Reliability, place: int, many: str) -> str:
    sure, right = (rate(float(shares[place])) for shares in (reliability.confidence, reliability.accuracy))
    return (
        f"{rate(float(EDGES[place]))} to {rate(float(EDGES[place + 1]))} sure: {reliability.counts[place]:,} {many}, "
        f"on average {sure} sure, {right} right"
    )


def _diagonal(ink: str) -> go.Scatter:
    return go.Scatter(
        x=[0, 100],
        y=[0, 100],
        mode="lines",
        line={"color": ink, "width": 1, "dash": "dash"},
        hoverinfo="skip",
        showlegend=False,
    )


def _layout(*, counts: str, legend: bool) -> go.Layout:
    """The layout, with a second axis where counts have a title."""
    share = {**PERCENT, "tickvals": TICKS}
    layout = go.Layout(
        **canvas(HEIGHT, right=24, top=12),
        xaxis={
            **BARE,
            **share,
            "range": [0, 100],
            "title": {"text": "Confidence"},
            **({"anchor": "y2"} if counts else {}),
        },
        yaxis={
            **LINED,
            **share,
            "range": [0, 102],
            "zeroline": False,
            "title": {"text": "Share that is right"},
            "domain": SHARES if counts else (0, 1),
        },
        legend={"orientation": "h", "y": -0.25, "x": 0},
        showlegend=legend,
    )
    if counts:
        layout.yaxis2 = {**LINED, "title": {"text": counts}, "domain": COUNTS, "nticks": 3}
    return layout
