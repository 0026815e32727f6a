"""Chart of how much a network needs each column."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from dashboard.charts.intervals import interval_figure
from dashboard.charts.literal import literal, tell_apart
from dashboard.records.table import Importance
from dashboard.wording.numbers import shorten

LONGEST = 28


def importance(found: Importance, names: Sequence[str], places: Sequence[int], colour: str) -> go.Figure:
    """Points lost without each column, with intervals; hollow where that cannot be told from none.

    Args:
        found: of all columns.
        names: of all columns.
        places: that are drawn, the first on top.
        colour: of what can be told.
    """
    # Two long names may look alike once they are shortened.
    labels = tell_apart([literal(shorten(names[place], LONGEST)) for place in places])
    return interval_figure(
        labels,
        [100 * float(found.lost[place]) for place in places],
        [(100 * float(found.low[place]), 100 * float(found.high[place])) for place in places],
        [bool(found.low[place] > 0) for place in places],
        colour,
        axis={"title": "accuracy lost without it (points)", "zeroline": True},
        text=[f"{100 * found.low[place]:.1f} to {100 * found.high[place]:.1f}" for place in places],
        hovertemplate="%{y}: %{x:.1f} points, 95 % interval %{text}<extra></extra>",
    )
