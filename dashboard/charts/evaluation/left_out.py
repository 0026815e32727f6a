"""What was computed of pictures beside what came out when each was left out."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from dashboard.charts.axes import canvas
from dashboard.charts.palette import OTHER_POINTS
from dashboard.records.influence import Checked

HEIGHT = 300


def points(check: Checked, colour: str) -> go.Figure:
    """A point for each picture, on the diagonal where both are the same.

    Args:
        check: of a few pictures.
        colour: of the points.
    """
    ends = [
        float(end) for end in (np.min([check.computed, check.real]), np.max([check.computed, check.real]))
    ]
    axis = {"gridwidth": 0.5, "fixedrange": True, "automargin": True, "zeroline": True}
    return go.Figure(
        [
            go.Scatter(
                x=ends,
                y=ends,
                mode="lines",
                line={"color": OTHER_POINTS, "dash": "dash", "width": 1.5},
                hoverinfo="skip",
                name="The same",
            ),
            go.Scatter(
                x=check.computed,
                y=check.real,
                mode="markers",
                marker={"color": colour, "size": 9},
                name="A picture",
                hovertemplate="computed %{x:.3g}, left out %{y:.3g}<extra></extra>",
            ),
        ],
        layout=go.Layout(
            **canvas(HEIGHT, top=16),
            xaxis=axis | {"title": {"text": "Computed (log odds)"}},
            yaxis=axis | {"title": {"text": "Left out for real (log odds)"}},
            legend={"orientation": "h", "y": -0.35, "x": 0},
        ),
    )
