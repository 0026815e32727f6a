"""Measured values with their intervals, a row each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from dashboard.charts.axes import BARE, LINED, ROW, canvas
from dashboard.charts.palette import OTHER_POINTS


def intervals(
    names: Sequence[str],
    values: Sequence[float],
    ends: Sequence[tuple[float, float]],
    clear: Sequence[bool],
    colour: str,
    **points: object,
) -> list[go.Scatter]:
    """A line from end to end for each row, and a point on it, hollow where it cannot be told from nothing.

    Args:
        names: of the rows.
        values: one a row.
        ends: of their intervals.
        clear: whether each can be told from nothing.
        colour: of those that can.
        points: what else the points carry, as `text`, `customdata` or `hovertemplate`.
    """
    colours = [colour if told else OTHER_POINTS for told in clear]
    lines = [
        go.Scatter(
            x=list(interval),
            y=[name, name],
            mode="lines",
            line={"color": line, "width": 2},
            hoverinfo="skip",
        )
        for name, interval, line in zip(names, ends, colours, strict=True)
    ]
    marks = go.Scatter(
        x=list(values),
        y=list(names),
        mode="markers",
        marker={
            "size": 10,
            "color": colours,
            "symbol": ["circle" if told else "circle-open" for told in clear],
            "opacity": 1,
        },
        **points,
    )
    return [*lines, marks]


def interval_figure(
    names: Sequence[str],
    values: Sequence[float],
    ends: Sequence[tuple[float, float]],
    clear: Sequence[bool],
    colour: str,
    *,
    axis: Mapping[str, object],
    **points: object,
) -> go.Figure:
    """A chart of nothing but such rows, the first on top.

    Args:
        names: of the rows, no two alike.
        values: one a row.
        ends: of their intervals.
        clear: whether each can be told from nothing.
        colour: of those that can.
        axis: what else the axis of the values has, its title at least.
        points: what else the points carry.
    """
    return go.Figure(
        intervals(names, values, ends, clear, colour, **points),
        layout=go.Layout(
            **canvas(80 + ROW * len(names)),
            xaxis={**LINED, **axis},
            yaxis={
                **BARE,
                "autorange": "reversed",
                "categoryorder": "array",
                "categoryarray": list(names),
            },
            dragmode=False,
            showlegend=False,
        ),
    )
