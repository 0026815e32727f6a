"""A picture whose patches can be clicked."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from dashboard.charts import clickable, maps
from dashboard.charts.axes import HIDDEN, canvas

HEIGHT = 380


def picture(crop: np.ndarray, grid: tuple[int, int], *, marked: int | None) -> go.Figure:
    """What the network sees, with an invisible marker on each patch.

    Args:
        crop: (H, W, 3) uint8.
        grid: rows and columns of patches.
        marked: number of the patch that gets a frame, counted row by row; None for none.
    """
    rows, columns = grid
    numbers = np.arange(rows * columns)
    axis = {**HIDDEN, "constrain": "domain"}
    figure = go.Figure(
        clickable.targets(
            numbers % columns + 0.5,
            numbers // columns + 0.5,
            size=14,
            carried=numbers,
            texts=[f"row {number // columns}, column {number % columns}" for number in numbers],
            hovertemplate="Patch %{customdata}: %{text}<extra></extra>",
        ),
        layout=go.Layout(
            **canvas(HEIGHT, left=0, right=0, top=4, bottom=4),
            xaxis=axis | {"range": [0, columns], "constraintoward": "left"},
            yaxis=axis | {"range": [rows, 0], "constraintoward": "top", "scaleanchor": "x"},
            showlegend=False,
            hoverdistance=1000,
            dragmode=False,
        ),
    )
    clickable.lay_under(figure, maps.png(maps.enlarge(crop)), columns, rows)
    if marked is not None:
        left, top = marked % columns, marked // columns
        clickable.frame(figure, left, top, left + 1, top + 1)
    return figure
