"""Curves over optimizer steps: a run in one colour, training solid, validation dashed, older sessions faint.

What counts something else than steps has an axis of its own below theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from dashboard.charts.axes import canvas, upright
from dashboard.charts.literal import literal
from dashboard.charts.logarithmic import step
from dashboard.charts.palette import INK
from dashboard.charts.reduction import reduce_points, smooth
from dashboard.records.curves import Line

DASHES = {"validation": "dash", "test": "dot"}
# Of one curve; several charts are sent each second while a run is watched.
POINTS = 1000
# Of so few points each is marked.
FEW = 40
HEIGHT = 300
# Of the height, what is left between the title and the words of the axis.
ROOM = 210
# Pixels: lines are thicker than the grid, ticks are read from the back of a room.
WIDTH, HELD_OUT_WIDTH, GRID_WIDTH = 2.0, 3.0, 0.5
TICKS = 13
# Height of a line of the legend, and of an axis below another one.
ENTRY, AXIS = 22, 52
# Of so few lines the legend lists the faint ones too.
LISTED = 8
FAINT = 0.5
UNITS = {"step": "Step", "epoch": "Epoch", "order": "Points in their order: no step was logged"}


@dataclass(frozen=True)
class CurveStyle:
    """How curves are drawn.

    Attributes:
        smoothing: weight of the moving average of training curves, in [0, 1).
        log: whether values are on a logarithmic scale.
        start: first step shown; None for the beginning.
        end: last step shown; None for the end.
        ink: colour of words, and of what stands for a split in the legend.
        marked: step that a line stands at; None for none.
    """

    smoothing: float = 0.0
    log: bool = False
    start: float | None = None
    end: float | None = None
    ink: str = INK
    marked: float | None = None


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
    units = sorted({line.unit for line in lines}, key=[*UNITS].index)
    lists_all = (names_runs and several) or any(line.detail for line in lines)
    listed = [line for line in lines if not line.is_faint or len(lines) <= LISTED]
    traces = [
        _trace(
            line,
            palette[line.colour % len(palette)],
            style,
            several=several,
            listed=(lists_all or not several) and line in listed,
            axis=units.index(line.unit),
        )
        for line in lines
    ]
    if several and not lists_all and len(splits) > 1:
        # The colours stand beside the runs' names; here it is told what solid and dashed are.
        traces += [_sample(split, style.ink) for split in splits]
    # One below the other, so that long names lie over nothing, however narrow the chart is.
    entries = len(listed) if lists_all else min(1, len(splits) - 1)
    words = {"size": TICKS, "color": style.ink}
    below = max(0, len(units) - 1)
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
            **canvas(HEIGHT + ENTRY * entries + AXIS * below, top=36 + ENTRY * entries),
            **_axes(units, words),
            yaxis={
                "domain": [AXIS * below / (ROOM + AXIS * below), 1],
                "type": "log" if style.log else "linear",
                **(_decades(lines) if style.log else {}),
                # A learning rate that stays at 0.001 would be a line near zero, on an axis from -1 to 1.
                "rangemode": "tozero" if _is_flat(lines) else "normal",
                "gridwidth": GRID_WIDTH,
                "tickfont": words,
                "automargin": True,
                "nticks": 6,
            },
            # Above the curves, where no axis has its words.
            legend={
                "orientation": "v" if lists_all else "h",
                "yanchor": "bottom",
                "y": 1.01,
                "x": 0,
                "font": words,
                "tracegroupgap": 0,
            },
            shapes=[] if style.marked is None else [upright(style.marked)],
            hovermode="x unified",
            showlegend=entries > 0,
            # Zoom and hidden lines stay as they are when points are added.
            uirevision=title,
        ),
    )


def _axes(units: Sequence[str], words: dict[str, object]) -> dict[str, object]:
    """An axis for each unit, the first below the curves, the others below it."""
    axes: dict[str, object] = {}
    for number, unit in enumerate(units or ["step"]):
        axis: dict[str, object] = {
            "title": {"text": UNITS[unit], "font": words},
            "tickfont": words,
            "showgrid": False,
            "automargin": True,
        }
        if number:
            position = AXIS * (len(units) - 1 - number) / (ROOM + AXIS * (len(units) - 1))
            # By itself, an axis over another one takes its ticks, wherever they fall.
            axis |= {
                "overlaying": "x",
                "anchor": "free",
                "position": position,
                "zeroline": False,
                "tickmode": "auto",
            }
        axes[f"xaxis{number + 1 if number else ''}"] = axis
    return axes


def _decades(lines: Sequence[Line]) -> dict[str, str | int]:
    """The step between ticks of a logarithmic axis."""
    positive = [values for line in lines if len(values := line.values[line.values > 0])]
    if not positive:
        return {}
    return step(
        min(float(values.min()) for values in positive), max(float(values.max()) for values in positive)
    )


def _is_flat(lines: Sequence[Line]) -> bool:
    """Whether nothing that is drawn ever changes."""
    return len({value for line in lines for value in np.unique(line.values).tolist()}) == 1


def _splits(lines: Sequence[Line]) -> list[str]:
    """The splits that are drawn, in order of their first line."""
    return list(dict.fromkeys(line.split for line in lines))


def _trace(
    line: Line, colour: str, style: CurveStyle, *, several: bool, listed: bool, axis: int
) -> go.Scatter:
    held_out = line.split in DASHES
    values = line.values if held_out or not style.smoothing else smooth(line.values, style.smoothing)
    # A stretch is one of steps.
    start, end = (style.start, style.end) if line.unit == "step" else (None, None)
    steps, values = reduce_points(line.steps, values, POINTS, start, end)
    run = line.run if several or not (line.split or line.detail) else ""
    name = ", ".join(part for part in (run, line.split, line.detail) if part)
    return go.Scatter(
        x=steps,
        y=values,
        xaxis=f"x{axis + 1 if axis else ''}",
        opacity=FAINT if line.is_faint else 1,
        name=literal(name),
        legendgroup=line.split if several and not line.detail else "",
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
