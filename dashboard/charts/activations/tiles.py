"""Many channels as one picture: tiles on one scale, each a place to click."""

from __future__ import annotations

import io
import math

import numpy as np
import plotly.graph_objects as go
from PIL import Image

from dashboard.charts import clickable
from dashboard.charts.axes import HIDDEN, canvas
from dashboard.charts.maps import CLIP_PERCENTILE
from dashboard.charts.palette import colours_of
from dashboard.wording.numbers import three_digits

# Tiles beside each other, and on one page.
ACROSS, PER_PAGE = 8, 64
# A tile's longer side in the file, in pixels: pixel-exact where the map has fewer, averaged where it has more.
SIDE = 96
GAP, CAPTION = 4, 16
# On the screen.
ROW_HEIGHT = 69
# The palette of the file: an odd number of colours, so that zero has one of its own, and one for "nothing here".
COLOURS, CLEAR = 255, 255


def limit(maps: np.ndarray) -> float:
    """The end of the one scale of these maps, above 0: the percentile of their sizes at which maps are clipped."""
    sizes = np.abs(maps[np.isfinite(maps)])
    return float(np.percentile(sizes, CLIP_PERCENTILE) or sizes.max() or 1.0) if sizes.size else 1.0


def is_signed(maps: np.ndarray) -> bool:
    """Whether maps need the scale with zero in the middle."""
    return bool((maps < 0).any())


def normalise(maps: np.ndarray) -> tuple[np.ndarray, float, bool]:
    """Each map divided by its own limit, with the limit and the sign of the scale that this leaves."""
    own = np.array([limit(values) for values in maps], dtype=np.float32)
    return maps / own[:, None, None], 1.0, is_signed(maps)


def mosaic(maps: np.ndarray, *, limit: float, signed: bool, across: int, side: int = SIDE) -> Image.Image:
    """Maps side by side without captions, as one small picture.

    Args:
        maps: (n, h, w).
        limit: end of the scale.
        signed: which of the two scales.
        across: tiles in a row.
        side: longer side of a tile, in pixels.
    """
    return _picture(maps, limit, signed, across, side, caption=0)


def grid(
    maps: np.ndarray, numbers: np.ndarray, *, limit: float, signed: bool, marked: int | None, noun: str
) -> go.Figure:
    """Maps as one picture with a caption above each and one invisible marker on each, to be clicked.

    Args:
        maps: (n, h, w); what is not a number stays clear.
        numbers: (n,) of the channels, carried by the markers.
        limit: end of the scale.
        signed: which of the two scales.
        marked: the channel that gets a frame, or None.
        noun: what a tile is, for its hover text.
    """
    across = min(ACROSS, len(maps))
    picture = _picture(maps, limit, signed, across, SIDE, caption=CAPTION)
    height, width = _tile(maps.shape[1:], SIDE)
    step_x, step_y = width + GAP, height + GAP + CAPTION
    lefts = np.arange(len(maps)) % across * step_x
    tops = np.arange(len(maps)) // across * step_y + CAPTION
    rows = math.ceil(len(maps) / across)
    tall = round(rows * ROW_HEIGHT * max(1.0, step_y / step_x) * ACROSS / max(across, 4)) + 12
    figure = go.Figure(
        [
            go.Scatter(
                x=lefts,
                y=tops - 2,
                mode="text",
                text=[str(number) for number in numbers],
                textposition="top right",
                textfont={"size": 12},
                hoverinfo="skip",
            ),
            clickable.targets(
                lefts + width / 2,
                tops + height / 2,
                size=30,
                carried=numbers,
                texts=[
                    f"{three_digits(float(values.mean()))}, largest {three_digits(float(values.max()))}"
                    for values in maps
                ],
                hovertemplate=noun + " %{customdata}: mean %{text}<extra></extra>",
            ),
        ],
        layout=go.Layout(
            **canvas(tall, left=0, right=0, top=4, bottom=4),
            xaxis={
                **HIDDEN,
                "range": [-3, across * step_x],
                "constrain": "domain",
                "constraintoward": "left",
            },
            yaxis={
                **HIDDEN,
                "range": [rows * step_y, -3],
                "scaleanchor": "x",
                "constrain": "domain",
                "constraintoward": "top",
            },
            showlegend=False,
            # Wherever a tile is clicked, its marker is meant.
            hoverdistance=1000,
            dragmode=False,
        ),
    )
    clickable.lay_under(figure, _png(picture), picture.width, picture.height)
    if marked in numbers:
        at = int(np.flatnonzero(numbers == marked)[0])
        clickable.frame(figure, lefts[at] - 2, tops[at] - 2, lefts[at] + width + 2, tops[at] + height + 2)
    return figure


def _picture(
    maps: np.ndarray, limit: float, signed: bool, across: int, side: int, *, caption: int
) -> Image.Image:
    """The tiles in a palette of their own, which a PNG holds in one byte a pixel."""
    height, width = _tile(maps.shape[1:], side)
    rows = math.ceil(len(maps) / across)
    sheet = np.full((rows * (height + GAP + caption) - GAP, across * (width + GAP) - GAP), CLEAR, np.uint8)
    for place, values in enumerate(maps):
        top = place // across * (height + GAP + caption) + caption
        left = place % across * (width + GAP)
        sheet[top : top + height, left : left + width] = _indices(
            _resize(values, (height, width)), limit, signed
        )
    picture = Image.fromarray(sheet)
    picture.putpalette(_palette(signed))
    picture.info["transparency"] = CLEAR
    return picture


def _tile(shape: tuple[int, ...], side: int) -> tuple[int, int]:
    """Height and width of a tile: a whole multiple of the map's where it is small."""
    longest = max(shape)
    if longest > side:
        height, width = (max(1, round(length * side / longest)) for length in shape)
        return height, width
    factor = side // longest
    return shape[0] * factor, shape[1] * factor


def _resize(values: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    height, width = size
    if values.shape[0] <= height and values.shape[1] <= width:
        return values.repeat(height // values.shape[0], axis=0).repeat(width // values.shape[1], axis=1)
    picture = Image.fromarray(np.nan_to_num(values).astype(np.float32))
    return np.asarray(picture.resize((width, height), Image.Resampling.BOX))


def _indices(values: np.ndarray, limit: float, signed: bool) -> np.ndarray:
    share = (np.clip(values, -limit, limit) / limit + signed) / (1 + signed)
    return np.where(np.isnan(share), CLEAR, np.rint(np.clip(share, 0, 1) * (COLOURS - 1))).astype(np.uint8)


def _palette(signed: bool) -> list[int]:
    colours = colours_of(np.linspace(-1 if signed else 0, 1, COLOURS)[None], 1.0, signed=signed)[0]
    return [*colours.round().astype(int).ravel().tolist(), 0, 0, 0]


def _png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=False)
    return file.getvalue()
