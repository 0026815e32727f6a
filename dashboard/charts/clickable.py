"""A picture below a figure's axes, with an invisible marker on each part that can be clicked, and a frame."""

from __future__ import annotations

import base64
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.charts.palette import MARK

UNSEEN = {"marker": {"opacity": 0}}


def source(picture: bytes) -> str:
    """A PNG as the address of a figure's picture."""
    return "data:image/png;base64," + base64.b64encode(picture).decode()


def targets(
    x: np.ndarray,
    y: np.ndarray,
    *,
    size: int,
    carried: Sequence[str] | np.ndarray,
    texts: Sequence[str],
    hovertemplate: str,
) -> go.Scatter:
    """Invisible squares to be clicked.

    Args:
        x: of their middles.
        y: of their middles.
        size: in pixels on the screen.
        carried: what a click hands back for each.
        texts: for each, `%{text}` of the template.
        hovertemplate: in Plotly's notation.
    """
    return go.Scatter(
        x=x,
        y=y,
        mode="markers",
        marker={"size": size, "opacity": 0, "symbol": "square"},
        selected=UNSEEN,
        unselected=UNSEEN,
        customdata=carried,
        text=texts,
        hovertemplate=hovertemplate,
    )


def lay_under(figure: go.Figure, picture: bytes, width: float, height: float) -> None:
    """Put a PNG below the axes, from their zero to width and height."""
    figure.add_layout_image(
        source=source(picture),
        x=0,
        y=0,
        sizex=width,
        sizey=height,
        xref="x",
        yref="y",
        sizing="stretch",
        layer="below",
    )


def frame(figure: go.Figure, left: float, top: float, right: float, bottom: float) -> None:
    """Draw a frame around what is chosen."""
    figure.add_shape(type="rect", x0=left, y0=top, x1=right, y1=bottom, line={"width": 3, "color": MARK})
