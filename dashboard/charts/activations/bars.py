"""The units of a layer as bars."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from dashboard.charts.axes import LINED, STILL, canvas


def units(
    values: np.ndarray,
    numbers: np.ndarray,
    *,
    marked: int | None,
    ends: tuple[float, float] | None = None,
) -> go.Figure:
    """The values of units as bars, in the order given; each can be clicked.

    Args:
        values: (n,).
        numbers: (n,) of the units, carried by the bars.
        marked: the unit whose bar is emphasised, or None.
        ends: of the scale; those of the values where None.
    """
    return go.Figure(
        go.Bar(
            x=[str(number) for number in numbers],
            y=values,
            customdata=numbers,
            marker={"opacity": [1.0 if number == marked else 0.55 for number in numbers]},
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 0.55}},
            hovertemplate="Unit %{customdata}: %{y:.3g}<extra></extra>",
        ),
        layout=go.Layout(
            **canvas(360),
            xaxis={**STILL, "title": {"text": "Unit"}, "type": "category"},
            yaxis={**LINED, "title": {"text": "Activation"}, **({} if ends is None else {"range": ends})},
            hoverdistance=1000,
            dragmode=False,
            bargap=0.15,
            showlegend=False,
        ),
    )
