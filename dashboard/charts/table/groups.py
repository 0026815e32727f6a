"""Chart of a rate in groups of rows, with intervals."""

from __future__ import annotations

import plotly.graph_objects as go

from dashboard.charts.axes import PERCENT
from dashboard.charts.intervals import interval_figure
from dashboard.charts.literal import literal, tell_apart
from dashboard.records.table import Groups
from dashboard.wording.numbers import shorten

LONGEST = 24


def rates(found: Groups, rate: str, colour: str) -> go.Figure:
    """A share for each group that has enough rows; hollow where it cannot be told from the other groups' together.

    Args:
        found: of all groups.
        rate: a key of its rates.
        colour: of what can be told apart.
    """
    told = [(place, share) for place, share in enumerate(found.rates[rate]) if share.share is not None]
    # Two long names may look alike once they are shortened.
    names = tell_apart([literal(shorten(found.names[place], LONGEST)) for place, _ in told])
    return interval_figure(
        names,
        [100 * (share.share or 0.0) for _, share in told],
        [(100 * share.low, 100 * share.high) for _, share in told],
        [share.gap is not None and (share.gap[1] > 0 or share.gap[2] < 0) for _, share in told],
        colour,
        axis={**PERCENT, "range": [-2, 102]},
        text=[f"{share.count:,} rows, {100 * share.low:.0f} to {100 * share.high:.0f}" for _, share in told],
        hovertemplate="%{y}: %{x:.1f} % of %{text}<extra></extra>",
    )
