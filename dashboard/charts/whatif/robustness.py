"""Accuracy under attack over the levels by which a pixel may change."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from dashboard.charts.axes import canvas
from dashboard.charts.palette import with_opacity
from dashboard.records.whatif import RobustAccuracy

HEIGHT = 320
BAND = 0.2


def curve(robust: RobustAccuracy, colour: str) -> go.Figure:
    """The share of pictures that no change was found for, with its interval."""
    share = 100 * robust.right / robust.count
    around = np.concatenate([robust.eps, robust.eps[::-1]])
    return go.Figure(
        [
            go.Scatter(
                x=around,
                y=100 * np.concatenate([robust.high, robust.low[::-1]]),
                mode="lines",
                fill="toself",
                fillcolor=with_opacity(colour, BAND),
                line={"width": 0},
                hoverinfo="skip",
                name="95 % interval",
            ),
            go.Scatter(
                x=robust.eps,
                y=share,
                mode="lines+markers",
                line={"color": colour, "width": 2.5},
                name="Still right",
                hovertemplate="%{x}/255: %{y:.1f} %<extra></extra>",
            ),
        ],
        layout=go.Layout(
            **canvas(HEIGHT, top=16),
            xaxis={
                "title": {"text": "Levels of 255 by which each pixel may change"},
                "dtick": 1,
                "showgrid": False,
                "fixedrange": True,
                "automargin": True,
            },
            yaxis={
                "title": {"text": "Pictures still right (%)"},
                "range": [0, 102],
                "gridwidth": 0.5,
                "fixedrange": True,
                "automargin": True,
            },
            legend={"orientation": "h", "y": -0.3, "x": 0},
        ),
    )
