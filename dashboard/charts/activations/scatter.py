"""Pictures as points in two axes, one colour and shape for each kind, as a figure to click and as a PNG."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from PIL import Image, ImageDraw, ImageFont

from dashboard.charts.axes import STILL, canvas
from dashboard.charts.literal import literal
from dashboard.charts.maps import png
from dashboard.charts.palette import CLASSES, EDGE, INK, MARK, OTHER_POINTS, PAPER

HEIGHT = 440
# Neighbours in the legend differ in shape too, and a second round of colours is open; what is rarer than the kinds that
# have a mark is put together.
SYMBOLS = ("circle", "diamond", "square", "triangle-up", "cross")
ROUNDS = ("", "-open")
OTHERS = "others"
LONGEST_NAME = 40
# The PNG is drawn so much larger first, for smooth edges.
FINE = 2
WIDE, HIGH, MARGIN, LEGEND, LINE = 1280, 960, 32, 280, 24


@dataclass(frozen=True, eq=False)
class PointGroup:
    """Points of one kind.

    Attributes:
        title: in the legend.
        rows: (n,) of the points.
        colour: of the palette.
        symbol: as Plotly calls it.
    """

    title: str
    rows: np.ndarray
    colour: str
    symbol: str


def groups(kinds: np.ndarray, titles: Mapping[int, str]) -> tuple[PointGroup, ...]:
    """Points by kind, in the order of the kinds; the rarest together where there are more than colours and shapes.

    Args:
        kinds: (N,) int.
        titles: of every kind.
    """
    looks = [
        (colour, f"{SYMBOLS[place % len(SYMBOLS)]}{kind}")
        for kind in ROUNDS
        for place, colour in enumerate(CLASSES)
    ]
    counts = Counter(kinds.tolist())
    common = [kind for kind, _ in counts.most_common()]
    own = common if len(common) <= len(looks) else common[: len(looks) - 1]
    own_groups = [
        PointGroup(f"{titles[kind]} ({counts[kind]:,})", np.flatnonzero(kinds == kind), colour, symbol)
        for kind, (colour, symbol) in zip(sorted(own), looks, strict=False)
    ]
    rest = np.flatnonzero(~np.isin(kinds, own))
    return (
        (*own_groups, PointGroup(f"{OTHERS} ({len(rest):,})", rest, OTHER_POINTS, "circle-open"))
        if len(rest)
        else tuple(own_groups)
    )


def scatter(
    points: np.ndarray,
    kinds: Sequence[PointGroup],
    *,
    texts: Sequence[str],
    photo: np.ndarray | None,
    near: np.ndarray,
    axes: tuple[str, str] | None,
    ink: str,
) -> go.Figure:
    """Points that can be clicked; each carries the number of its row.

    Args:
        points: (N, 2).
        kinds: of all points.
        texts: (N,), for hovering.
        photo: (2,) where the chosen picture lies, marked by a star; None where it has no place.
        near: rows of its neighbours, marked by rings.
        axes: what stands at the axes; None where their values mean nothing.
        ink: colour of the star and the rings.
    """
    titles = axes or ("", "")
    axis = {
        **STILL,
        "zeroline": False,
        "showticklabels": axes is not None,
        "showgrid": axes is not None,
    }
    figure = go.Figure(
        layout=go.Layout(
            **canvas(HEIGHT),
            xaxis=axis | {"title": {"text": titles[0]}},
            # One unit is as long upwards as sideways: distances are what is looked at.
            yaxis=axis | {"title": {"text": titles[1]}, "scaleanchor": "x"},
            legend={"orientation": "h", "yanchor": "bottom", "y": 1.01, "x": 0, "itemsizing": "constant"}
            | {"entrywidth": 0},
            hoverdistance=12,
            dragmode=False,
            showlegend=True,
        ),
    )
    for group in kinds:
        looks = {"opacity": 0.75}
        figure.add_scatter(
            x=points[group.rows, 0],
            y=points[group.rows, 1],
            mode="markers",
            name=literal(_shorten(group.title)),
            marker={"color": group.colour, "symbol": group.symbol, "size": _size(len(points))} | looks,
            selected={"marker": looks},
            unselected={"marker": looks},
            customdata=group.rows,
            text=[literal(texts[row]) for row in group.rows],
            hovertemplate="%{text}<extra></extra>",
        )
    if len(near):
        # In the ink of words, which no kind has.
        ring = {"symbol": "circle-open", "size": 16, "color": ink, "line": {"width": 2}}
        figure.add_scatter(x=points[near, 0], y=points[near, 1], mode="markers", name="nearest", marker=ring)
    if photo is not None:
        star = {"symbol": "star", "size": 22, "color": ink, "line": {"width": 2, "color": MARK}}
        figure.add_scatter(x=photo[:1], y=photo[1:], mode="markers", name="this photo", marker=star)
    # A click through a ring or the star means the point below.
    figure.update_traces(hoverinfo="skip", selector=lambda trace: trace.customdata is None)
    return figure


def picture(
    points: np.ndarray,
    kinds: Sequence[PointGroup],
    *,
    photo: np.ndarray | None,
    lines: Sequence[str],
    axes: tuple[str, str] | None,
) -> bytes:
    """The same points to take away, as PNG on white, with a legend and a few lines of text above.

    Args:
        points: (N, 2), finite.
        kinds: of all points.
        photo: (2,) of the star; None without one.
        lines: of text.
        axes: what stands at the axes; None where their values mean nothing.
    """
    page = Image.new("RGB", (WIDE * FINE, HIGH * FINE), PAPER)
    draw = ImageDraw.Draw(page)
    top = MARGIN + LINE * len(lines)
    for number, text in enumerate(lines):
        _write(draw, (MARGIN, MARGIN // 2 + LINE * number), " ".join(text.split()))
    box = (MARGIN, top, WIDE - LEGEND - MARGIN, HIGH - MARGIN - LINE)
    draw.rectangle([side * FINE for side in box], outline=EDGE, width=FINE)
    places = _positions(points if photo is None else np.vstack((points, photo)), box)
    radius = _size(len(points)) / 2
    for group in kinds:
        for row in group.rows:
            _mark(draw, places[row], radius, group)
    if photo is not None:
        _star(draw, places[-1])
    for number, group in enumerate(kinds):
        _mark(draw, np.array([WIDE - LEGEND, top + LINE * (number + 0.5)]), 5, group)
        _write(draw, (WIDE - LEGEND + 14, top + LINE * number + 3), _shorten(group.title))
    if photo is not None:
        below = top + LINE * (len(kinds) + 0.5)
        _star(draw, np.array([WIDE - LEGEND, below]))
        _write(draw, (WIDE - LEGEND + 14, round(below) - 9), "this photo")
    if axes is not None:
        _write(draw, (MARGIN, HIGH - MARGIN - LINE + 6), f"Across: {axes[0]}. Up: {axes[1]}.")
    return png(page.resize((WIDE, HIGH), Image.Resampling.LANCZOS))


def _size(points: int) -> int:
    """How large a point is drawn, in pixels: few are seen from afar, many must leave each other room."""
    return 6 if points > 500 else 10


def _shorten(name: str) -> str:
    """A legend's text that fits; its end, which holds the number, stays."""
    return name if len(name) <= LONGEST_NAME + 8 else f"{name[: LONGEST_NAME - 2]}…{name[-8:]}"


def _positions(points: np.ndarray, box: tuple[int, int, int, int]) -> np.ndarray:
    """Points in the pixels of a box, in the middle, one unit as long upwards as sideways."""
    left, top, right, bottom = box
    low, high = points.min(0), points.max(0)
    # What is a point or a line to the eye is no reason to enlarge what is left of it.
    smallest = 1e-12 * float(np.abs(points).max()) or 1.0
    spans = np.maximum(high - low, smallest)
    scale = 0.92 * min((right - left) / spans[0], (bottom - top) / spans[1])
    middle = np.array([(left + right) / 2, (top + bottom) / 2])
    return np.asarray(middle + (points - (low + high) / 2) * scale * (1, -1))


# Corners of the shapes that are not round, in their reach, y downwards.
_CORNERS = {
    "diamond": ((-1, 0), (0, -1), (1, 0), (0, 1)),
    "square": ((-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)),
    "triangle-up": ((0, -1.1), (1.05, 0.75), (-1.05, 0.75)),
    "cross": tuple(
        (x / 2.5, y / 2.5)
        for x, y in (
            *((-1, -2.5), (1, -2.5), (1, -1), (2.5, -1), (2.5, 1), (1, 1)),
            *((1, 2.5), (-1, 2.5), (-1, 1), (-2.5, 1), (-2.5, -1), (-1, -1)),
        )
    ),
}


def _mark(draw: ImageDraw.ImageDraw, place: np.ndarray, radius: float, group: PointGroup) -> None:
    x, y, reach = float(place[0]) * FINE, float(place[1]) * FINE, radius * FINE
    shape = group.symbol.removesuffix("-open")
    filled = {"fill": group.colour} if shape == group.symbol else {"outline": group.colour, "width": FINE}
    if shape in _CORNERS:
        draw.polygon([(x + reach * right, y + reach * down) for right, down in _CORNERS[shape]], **filled)
    elif shape == "x":
        for way in (1, -1):
            draw.line((x - reach, y - way * reach, x + reach, y + way * reach), group.colour, 2 * FINE)
    else:
        draw.ellipse((x - reach, y - reach, x + reach, y + reach), **filled)


def _star(draw: ImageDraw.ImageDraw, place: np.ndarray) -> None:
    turns = np.arange(10) * np.pi / 5
    reach = np.where(np.arange(10) % 2, 5, 12) * FINE
    corners = place * FINE + np.stack((np.sin(turns), -np.cos(turns)), axis=1) * reach[:, None]
    draw.polygon([(float(x), float(y)) for x, y in corners], fill=INK, outline=MARK, width=2 * FINE)


def _write(draw: ImageDraw.ImageDraw, place: tuple[int, int], text: str) -> None:
    draw.text((place[0] * FINE, place[1] * FINE), text, fill=INK, font=ImageFont.load_default(15 * FINE))
