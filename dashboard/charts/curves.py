"""Curves over optimizer steps: a run in one colour, training solid, validation dashed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from dashboard.charts.axes import canvas
from dashboard.charts.literal import literal
from dashboard.charts.palette import INK
from dashboard.charts.reduction import reduce_points, smooth
from dashboard.records.curves import Line

DASHES = {"validation": "dash", "test": "dot"}
# Of one curve; several charts are sent each second while a run is watched.
POINTS = 1000
# Of so few points each is marked.
FEW = 40
HEIGHT = 300
# Pixels: lines are thicker than the grid, ticks are read from the back of a room.
WIDTH, HELD_OUT_WIDTH, GRID_WIDTH = 2.0, 3.0, 0.5
TICKS = 13
# Height of a line of the legend.
ENTRY = 22


@dataclass(frozen=True)
class CurveStyle:
    """How curves are drawn.

    Attributes:
        smoothing: weight of the moving average of training curves, in [0, 1).
        log: whether values are on a logarithmic scale.
        start: first step shown; None for the beginning.
        end: last step shown; None for the end.
        ink: colour of words, and of what stands for a split in the legend.
    """

    smoothing: float = 0.0
    log: bool = False
    start: float | None = None
    end: float | None = None
    ink: str = INK


def curves(
    title: str,
    lines: Sequence[Line],
    palette: Sequence[str],
    style: CurveStyle,
    *,
    names_runs: bool = False,
) -> go.Figure:
    """One chart of one quantity.

    Args:
        title: of the quantity, with its unit.
        lines: to draw.
        palette: a colour for each run.
        style: how to draw them.
        names_runs: whether the legend names several runs too, where nothing beside the chart does.
    """
    several, splits = len({line.run for line in lines}) > 1, _splits(lines)
    names_runs = names_runs and several
    traces = [
        _trace(
            line,
            palette[line.colour % len(palette)],
            style,
            several=several,
            listed=names_runs or not several,
        )
        for line in lines
    ]
    if several and not names_runs and len(splits) > 1:
        # The colours stand beside the runs' names; here it is told what solid and dashed are.
        traces += [_sample(split, style.ink) for split in splits]
    # One below the other, so that long names lie over nothing, however narrow the chart is.
    entries = len(lines) if names_runs else min(1, len(splits) - 1)
    words = {"size": TICKS, "color": style.ink}
    # Given at once: an update of the layout takes plotly four times as long.
    return go.Figure(
        traces,
        layout=go.Layout(
            title={
                "text": literal(title),
                "font": {"size": 16, "color": style.ink},
                "x": 0,
                "xref": "paper",
                "y": 1,
                "yref": "container",
                "yanchor": "top",
                "pad": {"t": 8},
            },
            **canvas(HEIGHT + ENTRY * entries, top=36 + ENTRY * entries),
            xaxis={
                "title": {"text": "Step", "font": words},
                "tickfont": words,
                "showgrid": False,
                "automargin": True,
            },
            yaxis={
                "type": "log" if style.log else "linear",
                # A learning rate that stays at 0.001 would be a line near zero, on an axis from -1 to 1.
                "rangemode": "tozero" if _is_flat(lines) else "normal",
                "gridwidth": GRID_WIDTH,
                "tickfont": words,
                "automargin": True,
                "nticks": 6,
            },
            # Above the curves, where no axis has its words.
            legend={
                "orientation": "v" if names_runs else "h",
                "yanchor": "bottom",
                "y": 1.01,
                "x": 0,
                "font": words,
            },
            hovermode="x unified",
            showlegend=entries > 0,
            # Zoom and hidden lines stay as they are when points are added.
            uirevision=title,
        ),
    )


def _is_flat(lines: Sequence[Line]) -> bool:
    """Whether nothing that is drawn ever changes."""
    return len({value for line in lines for value in np.unique(line.values).tolist()}) == 1


def _splits(lines: Sequence[Line]) -> list[str]:
    """The splits that are drawn, in order of their first line."""
    return list(dict.fromkeys(line.split for line in lines))


def _trace(line: Line, colour: str, style: CurveStyle, *, several: bool, listed: bool) -> go.Scatter:
    held_out = line.split in DASHES
    values = line.values if held_out or not style.smoothing else smooth(line.values, style.smoothing)
    steps, values = reduce_points(line.steps, values, POINTS, style.start, style.end)
    name = ", ".join(part for part in (line.run if several or not line.split else "", line.split) if part)
    return go.Scatter(
        x=steps,
        y=values,
        name=literal(name),
        legendgroup=line.split if several else "",
        showlegend=listed,
        mode="lines+markers" if len(steps) <= FEW else "lines",
        line=_stroke(line.split, colour),
        marker={"size": 7 if held_out else 5},
        hovertemplate="%{y:.4g}",
    )


def _sample(split: str, ink: str) -> go.Scatter:
    """An entry of the legend that says how a split is drawn, whatever its run."""
    return go.Scatter(
        x=[None],
        y=[None],
        name=literal(split),
        legendgroup=split,
        showlegend=True,
        mode="lines",
        line=_stroke(split, ink),
        hoverinfo="skip",
    )


def _stroke(split: str, colour: str) -> dict[str, object]:
    # Validation stands out: it tells what training alone does not.
    held_out = split in DASHES
    return {
        "color": colour,
        "width": HELD_OUT_WIDTH if held_out else WIDTH,
        "dash": DASHES.get(split, "solid"),
    }
