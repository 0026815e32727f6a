"""Kernels as one PNG: pixel by pixel, all on one scale that is written below."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from dashboard.charts.palette import CAPTION, MISSING, colours_of
from dashboard.records.weights import Filters
from dashboard.wording.numbers import three_digits

# As wide as the page's column on a usual screen, so that it need not be scaled.
WIDTH = 960
# A page of tiles is at most about so high, which is whole on a first screen, and of so many weights, each a byte.
HEIGHT, MOST_WEIGHTS = 400, 400_000
GAP = 8
LABEL = 18
FOOT = 46
# A kernel is drawn about so large.
TILE = 88
# What is larger than a tile is enlarged to the page's width or height, but not beyond this.
LARGEST_FACTOR = 6
MOST_ACROSS = 10
# Shades to each side of zero.
LEVELS = 100
LEAST_WIDTH = 320


def grid(filters: Filters, limit: float) -> bytes:
    """Tiles with their numbers, on one scale with zero in the middle, as PNG with a clear background.

    Args:
        filters: at least one tile; what is not finite is drawn magenta.
        limit: the size at both ends of the scale, above 0; what lies beyond takes the end's colour.
    """
    height, width = (max(tile.shape[side] for tile in filters.tiles) for side in (0, 1))
    factor, across = _layout(height, width)
    across = min(across, len(filters.tiles))
    down = -(-len(filters.tiles) // across)
    cell = (width * factor + GAP, height * factor + LABEL + GAP)
    size = (max(across * cell[0] - GAP, LEAST_WIDTH), down * cell[1] + FOOT)
    page, texts = Image.new("RGBA", size, (0, 0, 0, 0)), Image.new("L", size)
    draw, font = ImageDraw.Draw(texts), ImageFont.load_default(14)
    for place, (tile, label) in enumerate(zip(filters.tiles, filters.labels, strict=True)):
        left, top = (place % across) * cell[0], (place // across) * cell[1]
        draw.text((left, top), label, fill=255, font=font)
        picture = Image.fromarray(tile_pixels(tile, limit))
        page.paste(
            picture.resize((picture.width * factor, picture.height * factor), Image.Resampling.NEAREST),
            (left, top + LABEL),
        )
    _scale(page, draw, limit, colour=filters.colour)
    # Of text's soft edges sixteen shades are enough, so that all colours fit into a palette.
    strength = np.asarray(texts) // 17 * 17
    page.paste(Image.new("RGB", size, CAPTION), mask=Image.fromarray(strength))
    pixels = np.asarray(page).copy()
    written = (strength > 0) & (pixels[..., 3] < 255)
    pixels[written] = np.concatenate(
        [np.broadcast_to(CAPTION, (*strength.shape, 3)), strength[..., None]], axis=2
    )[written]
    return _png(pixels)


def tiles_per_page(height: int, width: int) -> int:
    """How many tiles of that size a page holds, so that it is neither endless nor heavy."""
    factor, across = _layout(height, width)
    down = max(1, HEIGHT // (height * factor + LABEL + GAP))
    return max(1, min(across * down, MOST_WEIGHTS // (height * width)))


def _layout(height: int, width: int) -> tuple[int, int]:
    """By how much tiles of that size are enlarged, and how many stand beside each other."""
    factor = TILE // max(height, width) or min(WIDTH // width, HEIGHT // height, LARGEST_FACTOR) or 1
    return factor, min(MOST_ACROSS, max(1, (WIDTH + GAP) // (width * factor + GAP)))


def tile_pixels(tile: np.ndarray, limit: float) -> np.ndarray:
    """A tile as (h, w, 3) uint8: signed colours, or its own where it has three channels."""
    sound = np.isfinite(tile)
    values = np.where(sound, tile, 0.0)
    if tile.ndim == 3:
        colours = 127.5 + 127.5 * np.clip(values / limit, -1, 1)
        broken = ~sound.all(2)
    else:
        shares = np.clip(np.rint(values / limit * LEVELS), -LEVELS, LEVELS) / LEVELS
        colours, broken = colours_of(shares, 1.0, signed=True), ~sound
    pixels: np.ndarray = colours.round().astype(np.uint8)
    pixels[broken] = MISSING
    return pixels


def _scale(page: Image.Image, draw: ImageDraw.ImageDraw, limit: float, *, colour: bool) -> None:
    """The scale below the tiles, with what stands at its ends and in its middle."""
    width, top = min(page.width, 420), page.height - FOOT + 10
    ramp = np.linspace(-limit, limit, width)[None].repeat(10, axis=0)
    tile = np.repeat(ramp[..., None], 3, axis=2) if colour else ramp
    page.paste(Image.fromarray(tile_pixels(tile, limit)), (0, top))
    font, end = ImageFont.load_default(14), three_digits(limit)
    draw.text((0, top + 14), f"-{end}", fill=255, font=font)
    draw.text((width // 2, top + 14), "0", fill=255, font=font, anchor="ma")
    draw.text((width, top + 14), end, fill=255, font=font, anchor="ra")


def _png(pixels: np.ndarray) -> bytes:
    """(h, w, 4) uint8 as PNG, with a palette where there are few colours: a quarter of the bytes."""
    packed = np.ascontiguousarray(pixels).view(np.uint32)[..., 0]
    colours, places = np.unique(packed, return_inverse=True)
    file = io.BytesIO()
    if len(colours) > 256:
        Image.fromarray(pixels).save(file, "PNG")
        return file.getvalue()
    palette = colours[:, None].view(np.uint8)  # (n, 4)
    picture = Image.fromarray(places.reshape(packed.shape).astype(np.uint8))
    picture = picture.convert("P")
    picture.putpalette(palette[:, :3].tobytes())
    picture.save(file, "PNG", transparency=palette[:, 3].tobytes())
    return file.getvalue()
