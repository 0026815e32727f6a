"""Chart of how a probability depends on one column."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import plotly.graph_objects as go

from dashboard.charts.axes import LINED, PERCENT, PLAIN, canvas
from dashboard.charts.literal import literal
from dashboard.charts.palette import MARK, REFERENCE
from dashboard.records.table import Dependence
from dashboard.wording.numbers import shorten
from models.table.columns import Column

HEIGHT = 340
# Rows whose own curves are drawn.
MOST_CURVES = 40
# Letters of a category on the axis.
LONGEST = 14


def dependence(found: Dependence, column: Column, value: float, colour: str) -> go.Figure:
    """The mean over rows, the curves of some, local effects where columns go together, and where the row stands.

    Args:
        found: of a probability.
        column: that is changed.
        value: of the row that is looked at; NaN where it has none.
        colour: of the mean.
    """
    some = found.curves[:: max(1, -(-len(found.curves) // MOST_CURVES))]
    # One line with gaps is as light as one row's.
    gap = np.full((len(some), 1), np.nan)
    traces = [
        go.Scatter(
            x=np.concatenate([np.tile(found.grid, (len(some), 1)), gap], 1).ravel(),
            y=100 * np.concatenate([some, gap], 1).ravel(),
            mode="lines",
            line={"color": REFERENCE, "width": 0.6},
            opacity=0.5,
            name="each row",
            hoverinfo="skip",
        ),
        go.Scatter(
            x=found.grid,
            y=100 * found.mean,
            # Between categories there is nothing: the line only leads the eye.
            mode="lines+markers" if column.categories else "lines",
            line={"color": colour, "width": 3},
            name="mean over rows (partial dependence)",
            text=[literal(column.word(place)) for place in found.grid],
            hovertemplate="%{text}: %{y:.1f} %<extra></extra>",
        ),
    ]
    if found.together:
        level = float(found.mean.mean())
        traces.append(
            go.Scatter(
                x=found.edges,
                y=100 * (found.effects + level),
                mode="lines",
                line={"color": MARK, "width": 3, "dash": "dash"},
                name="among rows that exist (ALE)",
                hovertemplate="%{x:.4g}: %{y:.1f} %<extra></extra>",
            )
        )
    return go.Figure(
        traces,
        layout=go.Layout(
            **canvas(HEIGHT),
            xaxis={**PLAIN, **_ticks(column), "title": {"text": literal(column.name)}},
            yaxis={**LINED, **PERCENT, "title": {"text": "Probability"}},
            shapes=[] if math.isnan(value) else [_mark(value)],
            legend={"orientation": "h", "y": -0.28, "x": 0},
            dragmode=False,
        ),
    )


def _mark(value: float) -> dict[str, Any]:
    """Where the row stands that is looked at."""
    return {
        **{"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": value, "x1": value},
        "line": {"width": 1, "dash": "dot", "color": REFERENCE},
    }


def _ticks(column: Column) -> dict[str, Any]:
    """Names of categories on the axis; nothing for numbers."""
    if not column.categories:
        return {}
    return {
        "tickvals": list(range(len(column.categories))),
        "ticktext": [literal(shorten(name, LONGEST)) for name in column.categories],
    }
