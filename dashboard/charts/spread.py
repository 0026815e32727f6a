"""Chart of what each source of chance does to how often a network is right."""

from __future__ import annotations

import plotly.graph_objects as go

from dashboard.charts.axes import BARE, LINED, ROW, canvas
from dashboard.charts.intervals import intervals
from models.training.sweep.spread import Spread


def deviations(spread: Spread, colour: str) -> go.Figure:
    """The standard deviation of each source with its interval; hollow where it cannot be told from the largest.

    Args:
        spread: of a sweep.
        colour: of what can be told.
    """
    names = [source.name for source in spread.sources]
    return go.Figure(
        intervals(
            names,
            [100 * source.deviation for source in spread.sources],
            [(100 * source.low, 100 * source.high) for source in spread.sources],
            [name not in spread.like for name in names],
            colour,
            text=[f"{100 * source.low:.2f} to {100 * source.high:.2f}" for source in spread.sources],
            hovertemplate="%{y}: %{x:.2f} points, 95 % interval %{text}<extra></extra>",
        ),
        layout=go.Layout(
            **canvas(80 + ROW * len(names)),
            xaxis={
                **LINED,
                "title": f"{spread.part} accuracy, standard deviation (points)",
                "rangemode": "tozero",
            },
            yaxis={**BARE, "autorange": "reversed", "categoryorder": "array", "categoryarray": names},
            dragmode=False,
            showlegend=False,
        ),
    )
