"""The words of a text that count most, as bars."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.charts.axes import BARE, LINED, ROW, canvas
from dashboard.charts.literal import literal
from dashboard.charts.palette import AGAINST, CLASSES, FOR, REFERENCE
from dashboard.wording.numbers import shorten

LONGEST = 28
# Of the axis below the rows, in pixels.
BELOW = 64


def bars(
    words: Sequence[str], values: np.ndarray, *, signed: bool, errors: np.ndarray | None = None
) -> go.Figure:
    """A bar for each word, the first on top; equal words have a bar for each place.

    Args:
        words: (n) as they stand in the text.
        values: (n,) what each counts for.
        signed: whether below zero means "speaks against".
        errors: (n,) standard errors, drawn as two of them to each side; None where nothing was sampled.
    """
    rows = list(range(len(words)))
    colours = [(FOR if value >= 0 else AGAINST) if signed else CLASSES[0] for value in values]
    return go.Figure(
        go.Bar(
            x=values,
            y=rows,
            orientation="h",
            marker={"color": colours, "line": {"width": 0}},
            error_x=None if errors is None else {"array": 2 * errors, "color": REFERENCE, "thickness": 1},
            text=[literal(word) for word in words],
            textposition="none",
            hovertemplate="%{text}, %{x:.3g}<extra></extra>",
        ),
        layout=go.Layout(
            **canvas(ROW * len(words) + BELOW),
            xaxis={**LINED, "title": {"text": "Counts for"}},
            yaxis={
                **BARE,
                "autorange": "reversed",
                "tickvals": rows,
                "ticktext": [literal(shorten(word, LONGEST)) for word in words],
            },
            showlegend=False,
            dragmode=False,
        ),
    )
