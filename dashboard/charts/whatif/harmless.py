"""Changes of everyday in five strengths: how sure the network still is, and where it answers otherwise."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.charts.axes import canvas
from dashboard.charts.literal import literal
from dashboard.charts.palette import MAGNITUDE, ON_BRIGHT, ON_DARK

ROW = 40
LONGEST = 14
# Above this share of the scale a cell is bright.
BRIGHT = 0.44


def table(
    strength: np.ndarray,
    labels: Sequence[Sequence[str]],
    titles: Sequence[str],
    hover: Sequence[Sequence[str]],
) -> go.Figure:
    """A cell for each kind and strength, coloured by how sure the network still is.

    Args:
        strength: (kinds, 5), probabilities, or values.
        labels: in the cells.
        titles: of the kinds.
        hover: what is said of a cell.
    """
    low, high = min(0.0, float(np.nanmin(strength))), max(float(np.nanmax(strength)), 1e-9)
    shares = (strength - low) / (high - low)
    figure = go.Figure(
        go.Heatmap(
            z=strength,
            x=[str(number + 1) for number in range(strength.shape[1])],
            y=[literal(title) for title in titles],
            zmin=low,
            zmax=high,
            colorscale=MAGNITUDE,
            showscale=False,
            customdata=[[literal(text) for text in row] for row in hover],
            hovertemplate="%{y}, %{customdata}<extra></extra>",
            xgap=2,
            ygap=2,
        ),
        layout=go.Layout(
            **canvas(ROW * len(titles) + 56, left=8, bottom=8),
            xaxis={
                "title": {"text": "Strength"},
                "type": "category",
                "side": "top",
                "showgrid": False,
                "fixedrange": True,
                "automargin": True,
            },
            yaxis={"autorange": "reversed", "showgrid": False, "fixedrange": True, "automargin": True},
        ),
    )
    for row, texts in enumerate(labels):
        for column, text in enumerate(texts):
            figure.add_annotation(
                x=column,
                y=row,
                text=literal(text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"),
                showarrow=False,
                font={"size": 12, "color": ON_BRIGHT if shares[row, column] > BRIGHT else ON_DARK},
            )
    return figure
