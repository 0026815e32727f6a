"""Curves over optimizer steps: a run in one colour, training solid, validation dashed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from dashboard.charts.axes import canvas
from dashboard.charts.literal import literal
from dashboard.charts.reduction import reduce_points, smooth
from dashboard.records.curves import Line

DASHES = {"validation": "dash", "test": "dot"}
# Of one curve; several charts are sent each second while a run is watched.
POINTS = 1000
# Of so few points each is marked.
FEW = 40
HEIGHT = 300


@dataclass(frozen=True)
class CurveStyle:
    """How curves are drawn.

    Attributes:
        smoothing: weight of the moving average of training curves, in [0, 1).
        log: whether values are on a logarithmic scale.
        start: first step shown; None for the beginning.
        end: last step shown; None for the end.
    """

    smoothing: float = 0.0
    log: bool = False
    start: float | None = None
    end: float | None = None


def curves(title: str, lines: Sequence[Line], palette: Sequence[str], style: CurveStyle) -> go.Figure:
    """One chart of one quantity.

    Args:
        title: of the quantity, with its unit.
        lines: to draw.
        palette: a colour for each run.
        style: how to draw them.
    """
    alone = len({line.run for line in lines}) == 1
    # Given at once: an update of the layout takes plotly four times as long.
    return go.Figure(
        [_trace(line, palette[line.colour % len(palette)], style, alone=alone) for line in lines],
        layout=go.Layout(
            title={"text": literal(title), "font": {"size": 15}, "x": 0, "xref": "paper"},
            **canvas(HEIGHT, top=36),
            xaxis={"title": {"text": "Step"}, "showgrid": False, "automargin": True},
            yaxis={
                "type": "log" if style.log else "linear",
                # A learning rate that stays at 0.001 would be a line near zero, on an axis from -1 to 1.
                "rangemode": "tozero" if _is_flat(lines) else "normal",
                "gridwidth": 0.5,
                "automargin": True,
                "nticks": 6,
            },
            legend={"orientation": "h", "y": -0.28, "x": 0},
            hovermode="x unified",
            showlegend=len(lines) > 1,
            # Zoom and hidden lines stay as they are when points are added.
            uirevision=title,
        ),
    )


def _is_flat(lines: Sequence[Line]) -> bool:
    """Whether nothing that is drawn ever changes."""
    return len({value for line in lines for value in np.unique(line.values).tolist()}) == 1


def _trace(line: Line, colour: str, style: CurveStyle, *, alone: bool) -> go.Scatter:
    held_out = line.split in DASHES
    values = line.values if held_out or not style.smoothing else smooth(line.values, style.smoothing)
    steps, values = reduce_points(line.steps, values, POINTS, style.start, style.end)
    return go.Scatter(
        x=steps,
        y=values,
        name=literal(
            ", ".join(part for part in ("" if alone and line.split else line.run, line.split) if part)
        ),
        mode="lines+markers" if len(steps) <= FEW else "lines",
        # Validation stands out: it tells what training alone does not.
        line={"color": colour, "width": 2.5 if held_out else 1.5, "dash": DASHES.get(line.split, "solid")},
        opacity=1.0 if held_out else 0.7,
        marker={"size": 6 if held_out else 4},
        hovertemplate="%{y:.4g}",
    )
