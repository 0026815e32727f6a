"""Maps over photos, as PNG: one picture each, whatever the number of cells."""

from __future__ import annotations

import io
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


def scale_limit(maps: Iterable[Attribution]) -> float:
    """The end of the one scale that maps which are compared share: the largest of their clipped sizes, above 0."""
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
        attribution: with values of shape (H, W).
        limit: end of the scale.
        strength: of the overlay in [0, 1]; at 0 there is only the photo, at 1 the strongest parts hide it.
    """
    assert attribution.values is not None
    values = attribution.values
    grey = crop.astype(float).mean(2, keepdims=True)
    photo = crop + 0.6 * min(1.0, 2 * strength) * (grey - crop)
    # The square root lets middling values be seen; what is near zero stays the photo.
    cover = strength * np.sqrt(np.clip(np.abs(values) / limit, 0, 1))[..., None]
    mixed = photo * (1 - cover) + coloured(values, limit, signed=attribution.signed) * cover
    return png(enlarged(mixed.round().astype(np.uint8)))


def enlarged(pixels: np.ndarray) -> Image.Image:
    """A picture of (H, W, 3) uint8 scaled up to the drawing size: photos smoothly, 28 x 28 ones pixel by pixel."""
    picture = Image.fromarray(pixels)
    factor = SIDE / max(picture.size)
    if factor <= 1:
        return picture
    smooth = min(picture.size) > 64
    size = (round(picture.width * factor), round(picture.height * factor))
    return picture.resize(size, Image.Resampling.BICUBIC if smooth else Image.Resampling.NEAREST)


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
    across, down = width / size[0], height / size[1]
    left, right = (int(np.clip(round(x * across), 0, width)) for x in (box.left, box.right))
    top, bottom = (int(np.clip(round(y * down), 0, height)) for y in (box.top, box.bottom))
    dimmed = (whole * 0.4).astype(np.uint8)
    dimmed[top:bottom, left:right] = whole[top:bottom, left:right]
    picture = Image.fromarray(dimmed)
    if picture.width > 2 and picture.height > 2:
        ImageDraw.Draw(picture).rectangle((left, top, max(left, right - 1), max(top, bottom - 1)), outline="white", width=2)
    return png(picture)


def sheet(picture: bytes, lines: Iterable[str], limits: tuple[str, str], *, signed: bool) -> bytes:
    """A map to take away: the overlay with its scale, limits and a few lines of text below, as PNG.

    Args:
        picture: the overlay.
        lines: of text; what does not fit the width is cut.
        limits: what stands at the two ends of the scale.
    """
    above = Image.open(io.BytesIO(picture)).convert("RGB")
    bar = Image.open(io.BytesIO(scale_bar(signed=signed))).resize((above.width - 32, 12))
    texts = list(lines)
    page = Image.new("RGB", (above.width, above.height + 56 + 20 * len(texts)), "white")
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
