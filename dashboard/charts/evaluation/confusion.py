"""Which class is called which, as one picture with a place to click for each pair of classes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.charts import clickable
from dashboard.charts.axes import BARE, canvas
from dashboard.charts.literal import literal
from dashboard.charts.palette import MAGNITUDE, ON_BRIGHT, ON_DARK, colours_of
from dashboard.wording.numbers import rate, shorten

# Between cells, in pixels on the screen, however large these are.
GAP = 2
# Cells carry their count where there are at most so many classes: beyond, numbers would be too small to read.
MOST_NUMBERS = 16
LONGEST_NAME, SHORT = 24, 2
FEW = 10
# On the screen: rows with numbers and without, and what stands around them.
TALL, LOW, AROUND = 40, 18, 100
# Where the colour is as bright as this, dark ink is read better.
BRIGHT = 103


def shares(matrix: np.ndarray) -> np.ndarray:
    """Each count as a share of its row, (classes, classes) float; NaN in a row without pictures."""
    with np.errstate(invalid="ignore"):
        row_shares: np.ndarray = matrix / matrix.sum(1, keepdims=True, dtype=float)
    return row_shares


def grid(
    matrix: np.ndarray,
    classes: Sequence[str],
    indices: Sequence[int],
    *,
    marked: tuple[int, int] | None,
) -> go.Figure:
    """Counts by true class (down) and what it is called (across), coloured by the share of their row.

    The colour goes with the square root of the share, so that a few mistakes among many hits can be seen.

    Args:
        matrix: (classes, classes) of counts.
        classes: their names.
        indices: the classes that get a row and a column, at least one.
        marked: the true class and the called one of the cell that gets a frame, or None.
    """
    part = matrix[np.ix_(indices, indices)]
    # Of all pictures of the class, those included that are called something that is not shown.
    share = shares(matrix)[np.ix_(indices, indices)]
    shades = np.sqrt(np.nan_to_num(share))
    count = len(indices)
    rows, columns = (axis.ravel() for axis in np.mgrid[:count, :count])
    names = [classes[index] for index in indices]
    texts = [
        f"{literal(names[row])} called {literal(names[column])}: {part[row, column]:,}"
        + ("" if np.isnan(share[row, column]) else f" ({rate(float(share[row, column]))} of its pictures)")
        for row, column in zip(rows, columns, strict=True)
    ]
    markers = clickable.targets(
        columns + 0.5,
        rows + 0.5,
        size=20,
        carried=[f"{indices[row]}-{indices[column]}" for row, column in zip(rows, columns, strict=True)],
        texts=texts,
        hovertemplate="%{text}<extra></extra>",
    )
    figure = go.Figure([_cells(shades), *_numbers(part, shades), markers], layout=_layout(names))
    if marked is not None and set(marked) <= set(indices):
        row, column = (list(indices).index(index) for index in marked)
        clickable.frame(figure, column, row, column + 1, row + 1)
    return figure


def _cells(shades: np.ndarray) -> go.Heatmap:
    """The cells, (n, n) in [0, 1], from 0 to n along both axes."""
    return go.Heatmap(
        z=shades,
        x0=0.5,
        dx=1,
        y0=0.5,
        dy=1,
        xgap=GAP,
        ygap=GAP,
        zmin=0,
        zmax=1,
        colorscale=MAGNITUDE,
        showscale=False,
        hoverinfo="skip",
    )


def _numbers(part: np.ndarray, shades: np.ndarray) -> list[go.Scatter]:
    """The counts that are not zero, in an ink that can be read on the cell's colour."""
    if len(part) > MOST_NUMBERS:
        return []
    rows, columns = np.nonzero(part)
    colours = colours_of(shades, 1.0, signed=False)  # (n, n, 3)
    bright = colours[rows, columns] @ np.array([0.299, 0.587, 0.114]) > BRIGHT
    return [
        go.Scatter(
            x=columns + 0.5,
            y=rows + 0.5,
            mode="text",
            text=[f"{number:,}" for number in part[rows, columns]],
            textfont={"size": 12, "color": np.where(bright, ON_BRIGHT, ON_DARK).tolist()},
            hoverinfo="skip",
        )
    ]


def _layout(names: Sequence[str]) -> go.Layout:
    count = len(names)
    ticks = {
        **BARE,
        "tickvals": [place + 0.5 for place in range(count)],
        "ticktext": [literal(shorten(name, LONGEST_NAME, end=5)) for name in names],
        "tickfont": {"size": 12},
    }
    return go.Layout(
        **canvas((TALL if count <= MOST_NUMBERS else LOW) * max(count, 4) + AROUND),
        xaxis={
            **ticks,
            "range": [0, count],
            "title": {"text": "What it is called"},
            # Left to itself, the axis leaves out names that would overlap; many slanted ones would on a phone.
            "tickangle": 0 if max(map(len, names)) <= SHORT else -45 if count <= FEW else -90,
        },
        yaxis={
            **ticks,
            "range": [count, 0],
            "title": {"text": "What it is"},
        },
        showlegend=False,
        # Wherever a cell is clicked, its marker is meant.
        hoverdistance=1000,
        dragmode=False,
    )
