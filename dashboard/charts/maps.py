"""Maps over photos, as PNG: one picture each, whatever the number of cells."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from dashboard.charts.palette import BLACK, PAPER, colours_of
from dashboard.records.attribution import Attribution
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
        float(np.percentile(np.abs(attribution.values), CLIP_PERCENTILE) or np.abs(attribution.values).max())
        for attribution in maps
        if attribution.values is not None
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
    return png(enlarge(_blend(crop, attribution.values, limit, attribution.signed, strength)))


def cells(crop: np.ndarray, values: np.ndarray, *, limit: float, signed: bool, strength: float) -> bytes:
    """A layer's map over what the network saw, each of its places a rectangle, as PNG.

    Args:
        crop: (H, W, 3) uint8.
        values: (h, w), coarser than the picture or as fine.
        limit: end of the scale.
        signed: which of the two scales.
        strength: of the overlay in [0, 1].
    """
    rows, columns = (
        np.arange(length) * cells // length
        for length, cells in zip(crop.shape[:2], values.shape, strict=True)
    )
    return png(enlarge(_blend(crop, values[rows][:, columns], limit, signed, strength)))


def _blend(crop: np.ndarray, values: np.ndarray, limit: float, signed: bool, strength: float) -> np.ndarray:
    values = np.nan_to_num(values.astype(float))
    grey = crop.astype(float).mean(2, keepdims=True)
    photo = crop + 0.6 * min(1.0, 2 * strength) * (grey - crop)
    # The square root lets middling values be seen; what is near zero stays the photo.
    cover = strength * np.sqrt(np.clip(np.abs(values) / limit, 0, 1))[..., None]
    mixed = photo * (1 - cover) + colours_of(values, limit, signed=signed) * cover
    return np.asarray(mixed.round().astype(np.uint8))


def enlarge(pixels: np.ndarray) -> Image.Image:
    """A picture of (H, W, 3) uint8 scaled up to the drawing size: photos smoothly, small ones pixel by pixel."""
    picture = Image.fromarray(pixels)
    factor = SIDE / max(picture.size)
    if factor <= 1:
        return picture
    if min(picture.size) > SMALL:
        return picture.resize(_scaled_size(picture, factor), Image.Resampling.BICUBIC)
    # A whole number, so that all pixels come out equally large.
    return picture.resize(_scaled_size(picture, math.ceil(factor)), Image.Resampling.NEAREST)


def is_small(crop: np.ndarray) -> bool:
    """Whether it is the pixels of a picture (H, W, 3) that are looked at."""
    return bool(min(crop.shape[:2]) <= SMALL)


def input_picture(crop: np.ndarray) -> bytes:
    """What a network reads, (H, W, 3) uint8, at the drawing size: a photo as JPEG, pixels as PNG."""
    picture = enlarge(crop)
    return png(picture) if is_small(crop) else photo(picture)


def exact_pixels(crop: np.ndarray) -> bytes:
    """What a network reads, (H, W, 3) uint8, pixel by pixel, as PNG."""
    return png(Image.fromarray(crop))


def _scaled_size(picture: Image.Image, factor: float) -> tuple[int, int]:
    return round(picture.width * factor), round(picture.height * factor)


def scale_bar(*, signed: bool) -> bytes:
    """The colour scale as a thin PNG strip; the page writes its limits beside it."""
    values = np.linspace(-1 if signed else 0, 1, SIDE)[None].repeat(10, axis=0)
    return png(Image.fromarray(colours_of(values, 1.0, signed=signed).round().astype(np.uint8)))


def whole_with_crop(whole: np.ndarray, size: tuple[int, int], box: Box) -> bytes:
    """The whole picture with what the network does not read darkened; what it reads is framed where that is a part.

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
    small = is_small(whole)
    # The frame is drawn at the size that is looked at: on the pixels of a small picture it would hide them.
    picture = enlarge(dimmed) if small else Image.fromarray(dimmed)
    factor = picture.width // width
    if min(picture.size) > 2 and (left, top, right, bottom) != (0, 0, width, height):
        corners = (factor * left, factor * top, factor * right - 1, factor * bottom - 1)
        ImageDraw.Draw(picture).rectangle(corners, outline=PAPER, width=2)
    return png(picture) if small else photo(picture)


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
    page = Image.new("RGB", (max(above.width, SIDE), above.height + 56 + 20 * len(texts)), PAPER)
    bar = Image.open(io.BytesIO(scale_bar(signed=signed))).resize((page.width - 32, 12))
    page.paste(above, (0, 0))
    page.paste(bar, (16, above.height + 12))
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(13)
    draw.text((16, above.height + 28), limits[0], fill=BLACK, font=font)
    draw.text((page.width - 16, above.height + 28), limits[1], fill=BLACK, font=font, anchor="ra")
    for number, text in enumerate(texts):
        draw.text((16, above.height + 50 + 20 * number), text, fill=BLACK, font=font)
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
    # The quickest: a seventh larger, in a quarter of the time.
    picture.save(file, "PNG", compress_level=1)
    return file.getvalue()


def as_photo(picture: bytes) -> bytes:
    """A drawn picture as JPEG, for a file that is handed over: a fifth of the bytes."""
    return photo(Image.open(io.BytesIO(picture)).convert("RGB"))


def photo(picture: Image.Image) -> bytes:
    """A picture as JPEG; one whose pixels are looked at as PNG."""
    if min(picture.size) <= SMALL:
        return png(picture)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=92)
    return file.getvalue()
