"""What a unit reads over many pictures against its activation function, and what it adds to classes."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.charts.axes import BARE, PERCENT, PLAIN, SECOND, canvas
from dashboard.charts.literal import literal
from dashboard.charts.palette import AGAINST, FOR, MARK, OFF
from dashboard.records.activations import ActivationCurve
from dashboard.wording.numbers import percent, shorten, three_digits

HEIGHT = 340
# The values beyond this share on each side do not widen the axis.
TAIL = 0.0005
# Above the highest bar and the highest value of the function, which are as high as each other.
ROOM = 1.05
MOST_TICKS = 5


def against_curve(
    counts: np.ndarray, edges: np.ndarray, curve: ActivationCurve | None, unit: int, off: float | None
) -> go.Figure:
    """A histogram of what an activation function reads, and the function as a curve over it.

    Args:
        counts: (B,) of values.
        edges: (B + 1,) of the bins.
        curve: the function; None where none is applied.
        unit: whose function, where each has its own.
        off: share of the values at which it is off; None where there is no such input.
    """
    low, high = _span(counts, edges)
    shares = counts / max(int(counts.sum()), 1)
    middles = (edges[1:] + edges[:-1]) / 2
    shown = (middles >= low) & (middles <= high)
    figure = go.Figure(
        go.Bar(
            x=middles[shown],
            y=100 * shares[shown],
            width=np.diff(edges)[shown],
            name="Share of the values",
            opacity=0.6,
            hovertemplate="around %{x:.3g}: %{y:.2f} %<extra></extra>",
        ),
        layout=go.Layout(
            **canvas(HEIGHT, top=36),
            bargap=0,
            xaxis={
                **PLAIN,
                "title": {"text": "Value before the activation" if curve else "Value"},
                "range": [low, high],
            },
            yaxis={**PLAIN, "title": {"text": "Share of the values"}, "nticks": 5, **PERCENT},
            legend={"orientation": "h", "y": 1.16, "x": 0},
            showlegend=True,
        ),
    )
    if curve is not None:
        _add_curve(figure, curve, unit, low, high, off)
        _level(figure)
    return figure


def _level(figure: go.Figure) -> None:
    """Put zero of both axes on one line: a function's values below it make room below the shares."""
    shares, values = (np.asarray(part.y) for part in figure.data)
    bottom = min(0.0, float(values.min()))
    # At most half of the height is below.
    top = max(float(values.max()), -bottom) or 1.0
    peak = float(shares.max(initial=0.0)) or 1.0
    step = 10.0 ** math.floor(math.log10(peak))
    step *= next(part for part in (0.2, 0.5, 1, 2) if peak / (step * part) <= MOST_TICKS)
    ticks = np.arange(0, ROOM * peak, step)
    figure.update_layout(
        yaxis={
            "range": [ROOM * peak * bottom / top, ROOM * peak],
            "tickvals": ticks,
            "ticktext": [f"{tick:.3g} %" for tick in ticks],
        },
        yaxis2={"range": [ROOM * bottom, ROOM * top]},
    )


def _add_curve(
    figure: go.Figure, curve: ActivationCurve, unit: int, low: float, high: float, off: float | None
) -> None:
    values = curve.values[unit if len(curve.values) > 1 else 0]
    # The function is known where values were read, and not beyond.
    ends = max(low, float(curve.places[0])), min(high, float(curve.places[-1]))
    inner = curve.places[(curve.places > ends[0]) & (curve.places < ends[1])]
    places = np.concatenate((ends[:1], inner, ends[1:]))
    figure.add_scatter(
        x=places,
        y=np.interp(places, curve.places, values),
        name=literal(curve.title),
        mode="lines",
        line={"width": 3, "color": MARK},
        yaxis="y2",
        hovertemplate="%{x:.3g} becomes %{y:.3g}<extra></extra>",
    )
    figure.update_layout(
        yaxis2={
            **SECOND,
            "zeroline": False,
            "title": {"text": f"{curve.title}(z)"},
            "nticks": 5,
        }
    )
    if off is not None and curve.off is not None and low < curve.off:
        figure.add_vrect(
            x0=low,
            x1=min(curve.off, high),
            fillcolor=OFF,
            opacity=0.15,
            line_width=0,
            annotation_text=f"off: {percent(off)}",
            annotation_position="top left",
        )


def _span(counts: np.ndarray, edges: np.ndarray) -> tuple[float, float]:
    """The values that are worth an axis."""
    total = counts.sum()
    if not total:
        return float(edges[0]), float(edges[-1])
    share = np.cumsum(counts) / total
    first = int(np.searchsorted(share, TAIL))
    last = int(np.searchsorted(share, 1 - TAIL))
    width = float(edges[1] - edges[0])
    low, high = float(edges[first]) - width, float(edges[min(last, len(counts) - 1) + 1]) + width
    # Zero is where an activation function turns.
    return min(low, -width), max(high, width)


def effects(names: Sequence[str], values: np.ndarray) -> go.Figure:
    """What a unit adds to the scores of classes, as horizontal bars, the first on top."""
    places = list(range(len(names)))
    return go.Figure(
        go.Bar(
            x=values,
            y=places,
            orientation="h",
            marker={"color": [FOR if value >= 0 else AGAINST for value in values]},
            text=[three_digits(float(value)) for value in values],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{text}<extra></extra>",
        ),
        layout=go.Layout(
            **canvas(30 * len(names) + 24, top=4, bottom=4),
            xaxis={
                "zeroline": True,
                "showgrid": False,
                "fixedrange": True,
                "nticks": 5,
                "range": _padded(values),
            },
            yaxis={
                **BARE,
                "range": [len(names) - 0.5, -0.5],
                "tickvals": places,
                "ticktext": [literal(shorten(name, 24)) for name in names],
            },
            showlegend=False,
        ),
    )


def _padded(values: np.ndarray) -> list[float]:
    """From the least to the largest value and zero, with room for the numbers beside the bars."""
    low, high = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
    room = 0.3 * (high - low or 1.0)
    return [low - room * (low < 0), high + room * (high > 0 or low == 0)]
