"""Maps over photos, as PNG: one picture each, whatever the number of cells."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from dashboard.charts.colours import coloured
from dashboard.records import Attribution
from models.preprocessing import Box

# Pictures are drawn at least this wide, so that a screen need not blow them up.
SIDE = 448
# A single bright pixel must not turn the rest of a map dark: the scale ends at this percentile of the sizes.
CLIP_PERCENTILE = 99.5
# A picture whose shorter side has at most this many pixels is one whose pixels are looked at.
SMALL = 64


def scale_limit(maps: Iterable[Attribution]) -> float:
    """The end of the one scale that compared maps share: the largest of their clipped sizes, above 0."""
    sizes = [
        float(np.percentile(np.abs(one.values), CLIP_PERCENTILE) or np.abs(one.values).max())
        for one in maps
        if one.values is not None
    ]
    return max([size for size in sizes if size > 0], default=1.0)


def overlay(crop: np.ndarray, attribution: Attribution, *, limit: float, strength: float) -> bytes:
    """A map over what the network saw, as PNG.

    Args:
        crop: (H, W, 3) uint8.
        attribution: with finite values of shape (H, W).
        limit: end of the scale.
        strength: of the overlay in [0, 1]; at 0 there is only the photo, at 1 the strongest parts hide it.
    """
    assert attribution.values is not None
    values = attribution.values.astype(float)
    grey = crop.astype(float).mean(2, keepdims=True)
    photo = crop + 0.6 * min(1.0, 2 * strength) * (grey - crop)
    # The square root lets middling values be seen; what is near zero stays the photo.
    cover = strength * np.sqrt(np.clip(np.abs(values) / limit, 0, 1))[..., None]
    mixed = photo * (1 - cover) + coloured(values, limit, signed=attribution.signed) * cover
    return png(enlarged(mixed.round().astype(np.uint8)))


def enlarged(pixels: np.ndarray) -> Image.Image:
    """A picture of (H, W, 3) uint8 scaled up to the drawing size: photos smoothly, small ones pixel by pixel."""
    picture = Image.fromarray(pixels)
    factor = SIDE / max(picture.size)
    if factor <= 1:
        return picture
    if min(picture.size) > SMALL:
        return picture.resize(_times(picture, factor), Image.Resampling.BICUBIC)
    # A whole number, so that all pixels come out equally large.
    return picture.resize(_times(picture, math.ceil(factor)), Image.Resampling.NEAREST)


def _times(picture: Image.Image, factor: float) -> tuple[int, int]:
    return round(picture.width * factor), round(picture.height * factor)


def scale_bar(*, signed: bool) -> bytes:
    """The colour scale as a thin PNG strip; the page writes its limits beside it."""
    values = np.linspace(-1 if signed else 0, 1, SIDE)[None].repeat(10, axis=0)
    return png(Image.fromarray(coloured(values, 1.0, signed=signed).round().astype(np.uint8)))


def whole_with_crop(whole: np.ndarray, size: tuple[int, int], box: Box) -> bytes:
    """The whole picture with what the network does not read darkened, as PNG.

    Args:
        whole: (h, w, 3) uint8, scaled down.
        size: width and height of the picture before that.
        box: what the network reads, in pixels of that size.
    """
    height, width = whole.shape[:2]
    left, right = _span(box.left, box.right, width / size[0], width)
    top, bottom = _span(box.top, box.bottom, height / size[1], height)
    dimmed = (whole * 0.4).astype(np.uint8)
    dimmed[top:bottom, left:right] = whole[top:bottom, left:right]
    picture = Image.fromarray(dimmed)
    if picture.width > 2 and picture.height > 2:
        frame = (left, top, right - 1, bottom - 1)
        ImageDraw.Draw(picture).rectangle(frame, outline="white", width=2)
    return png(picture)


def _span(start: float, end: float, scale: float, length: int) -> tuple[int, int]:
    """The pixels from start to end after scaling: within the length, and at least one."""
    first = min(max(round(start * scale), 0), length - 1)
    return first, min(max(round(end * scale), first + 1), length)


def sheet(picture: bytes, lines: Iterable[str], limits: tuple[str, str], *, signed: bool) -> bytes:
    """A map to take away: the overlay with its scale, limits and a few lines of text below, as PNG.

    Args:
        picture: the overlay.
        lines: of text; what does not fit the width is cut.
        limits: what stands at the two ends of the scale.
        signed: which of the two scales.
    """
    above = Image.open(io.BytesIO(picture)).convert("RGB")
    texts = [" ".join(line.split()) for line in lines]
    page = Image.new("RGB", (max(above.width, SIDE), above.height + 56 + 20 * len(texts)), "white")
    bar = Image.open(io.BytesIO(scale_bar(signed=signed))).resize((page.width - 32, 12))
    page.paste(above, (0, 0))
    page.paste(bar, (16, above.height + 12))
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(13)
    draw.text((16, above.height + 28), limits[0], fill="black", font=font)
    draw.text((page.width - 16, above.height + 28), limits[1], fill="black", font=font, anchor="ra")
    for number, text in enumerate(texts):
        draw.text((16, above.height + 50 + 20 * number), text, fill="black", font=font)
    return png(page)


def npz(attribution: Attribution, crop: np.ndarray) -> bytes:
    """A map's numbers: `values` (H, W), `raw` as the method returned it, and `crop` (H, W, 3) uint8."""
    assert attribution.values is not None and attribution.raw is not None
    file = io.BytesIO()
    np.savez_compressed(file, values=attribution.values, raw=attribution.raw, crop=crop)
    return file.getvalue()


def png(picture: Image.Image) -> bytes:
    """A picture as PNG."""
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
