"""Chart of what each source of chance does to how often a network is right."""

from __future__ import annotations

import plotly.graph_objects as go

from dashboard.charts.intervals import interval_figure
from models.training.sweep.spread import Spread


def deviations(spread: Spread, colour: str) -> go.Figure:
    """The standard deviation of each source with its interval; hollow where it cannot be told from the largest.

    Args:
        spread: of a sweep.
        colour: of what can be told.
    """
    names = [source.name for source in spread.sources]
    return interval_figure(
        names,
        [100 * source.deviation for source in spread.sources],
        [(100 * source.low, 100 * source.high) for source in spread.sources],
        [name not in spread.like for name in names],
        colour,
        axis={"title": f"{spread.part} accuracy, standard deviation (points)", "rangemode": "tozero"},
        text=[f"{100 * source.low:.2f} to {100 * source.high:.2f}" for source in spread.sources],
        hovertemplate="%{y}: %{x:.2f} points, 95 % interval %{text}<extra></extra>",
    )
