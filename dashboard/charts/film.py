"""A film of a training to take away: each checkpoint one picture, on paper's colours, wide enough for a projector."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from dashboard.charts.curves import DASHES
from dashboard.charts.palette import AGAINST, CAPTION, EDGE, FOR, INK, MARK, PAPER
from dashboard.charts.reduction import reduce_points, smooth
from dashboard.records.curves import Line
from dashboard.wording.numbers import percent

WIDTH, HEIGHT = 1280, 720
MARGIN, HEAD = 32, 84
# Pixels of a column of pictures, and of the words above each.
COLUMN, TITLE = 384, 26
LARGE, MEDIUM, SMALL = 26, 17, 14
# Each picture is seen so long, and the last one longer, so that it is seen where the film begins again.
SECONDS, LAST_SECONDS = 0.8, 2.4
POINTS, SMOOTHING = 300, 0.6
FORMATS = ("GIF", "WebP")


@dataclass(frozen=True, eq=False)
class Panel:
    """One picture of a frame, with the words above it."""

    title: str
    picture: Image.Image


@dataclass(frozen=True, eq=False)
class FilmFrame:
    """One moment of a training.

    Attributes:
        title: what is said of it, in one line.
        panels: at most three: two above each other, and one beside them that has the whole height.
        shares: name -> probability, the explained class first.
        step: optimizer steps taken.
    """

    title: str
    panels: Sequence[Panel]
    shares: dict[str, float]
    step: int


def draw(frame: FilmFrame, heading: str, curve: str, lines: Sequence[Line]) -> Image.Image:
    """One frame, (HEIGHT, WIDTH) RGB.

    Args:
        frame: the moment.
        heading: of the film.
        curve: what the lines are of.
        lines: over all steps, the same in each frame.
    """
    page = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(page)
    _write(pen, (MARGIN, 18), heading, LARGE, INK)
    _write(pen, (MARGIN, 52), frame.title, MEDIUM, CAPTION)
    tall = (HEIGHT - HEAD - MARGIN) // 2
    for place, panel in enumerate(frame.panels):
        left, top = MARGIN + place // 2 * (COLUMN + MARGIN), HEAD + place % 2 * tall
        _write(pen, (left, top), panel.title, SMALL, INK)
        room = tall if place < 2 else HEIGHT - HEAD - MARGIN
        picture = _fit(panel.picture, (COLUMN, room - TITLE - 12))
        page.paste(picture, (left, top + TITLE), picture if picture.mode == "RGBA" else None)
    left = MARGIN + 2 * (COLUMN + MARGIN)
    _bars(pen, frame.shares, left, HEAD, WIDTH - MARGIN)
    _write(pen, (left, HEAD + tall), curve, SMALL, INK)
    _curves(pen, lines, frame.step, (left, HEAD + tall + TITLE, WIDTH - MARGIN, HEIGHT - MARGIN - 22))
    return page


def animate(frames: Sequence[Image.Image], kind: str) -> bytes:
    """Frames one after the other, without an end.

    Args:
        frames: at least one.
        kind: one of FORMATS.
    """
    file = io.BytesIO()
    shown = [round(1000 * SECONDS)] * (len(frames) - 1) + [round(1000 * LAST_SECONDS)]
    if kind == "GIF":
        frames = [frame.quantize(255, dither=Image.Dither.NONE) for frame in frames]
    frames[0].save(
        file,
        kind.upper(),
        save_all=True,
        append_images=frames[1:],
        duration=shown,
        loop=0,
        **({"quality": 90, "method": 2} if kind == "WebP" else {"disposal": 1}),
    )
    return file.getvalue()


def npz(frames: Sequence[Image.Image], **numbers: np.ndarray) -> bytes:
    """Frames as `frames` (T, H, W, 3) uint8, and the numbers that they are drawn from, under their names."""
    file = io.BytesIO()
    pixels = np.stack([np.asarray(frame.convert("RGB")) for frame in frames])
    # numpy's stubs take the name of a setting for that of an array.
    np.savez_compressed(file, **{"frames": pixels, **numbers})  # type: ignore[arg-type]
    return file.getvalue()


def _fit(picture: Image.Image, room: tuple[int, int]) -> Image.Image:
    """The picture as large as there is room: enlarged pixel by pixel, or made smaller smoothly."""
    factor = min(room[0] / picture.width, room[1] / picture.height)
    smooth_it = factor < 1
    scale = factor if smooth_it or factor < 2 else math.floor(factor)
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    mode = "RGBA" if picture.mode in ("RGBA", "P") else "RGB"
    return picture.convert(mode).resize(size, Image.Resampling.BOX if smooth_it else Image.Resampling.NEAREST)


def _bars(pen: ImageDraw.ImageDraw, shares: dict[str, float], left: int, top: int, right: int) -> None:
    _write(pen, (left, top), "The answer", SMALL, INK)
    for place, (name, share) in enumerate(shares.items()):
        y = top + TITLE + 46 * place
        _write(pen, (left, y), name, SMALL, INK, room=right - left - 120)
        pen.text((right, y), percent(share), fill=INK, font=ImageFont.load_default(SMALL), anchor="ra")
        pen.rectangle((left, y + 20, right, y + 30), fill=EDGE)
        if share > 0:
            pen.rectangle(
                (left, y + 20, left + (right - left) * share, y + 30), fill=AGAINST if place else FOR
            )


def _curves(
    pen: ImageDraw.ImageDraw, lines: Sequence[Line], step: int, box: tuple[int, int, int, int]
) -> None:
    drawn = [
        (line, *reduce_points(line.steps, _values(line), POINTS, None, None))
        for line in lines
        if np.isfinite(line.values).any()
    ]
    left, top, right, bottom = box
    pen.line([(left, top), (left, bottom), (right, bottom)], fill=EDGE, width=2)
    if not drawn:
        return
    steps = np.concatenate([xs for _, xs, _ in drawn])
    values = np.concatenate([ys for _, _, ys in drawn])
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    first, last = float(steps.min()), float(steps.max())

    def place(x: float, y: float) -> tuple[float, float]:
        return (
            left + (right - left) * (x - first) / (last - first or 1),
            bottom - (bottom - top) * (y - low) / (high - low or 1),
        )

    at = place(step, low)[0]
    pen.line([(at, top), (at, bottom)], fill=MARK, width=3)
    for line, xs, ys in drawn:
        points = [place(float(x), float(y)) for x, y in zip(xs, ys, strict=True) if math.isfinite(float(y))]
        held_out = line.split in DASHES
        pen.line(points, fill=AGAINST if held_out else FOR, width=4 if held_out else 2, joint="curve")
        _write(
            pen, (right - 96, bottom - 48 + 20 * held_out), line.split, SMALL, AGAINST if held_out else FOR
        )
    for y, value in ((top - 2, high), (bottom - 18, low)):
        _write(pen, (left + 6, y), f"{value:.3g}", SMALL, CAPTION)
    _write(pen, (left, bottom + 4), f"step {first:,.0f}", SMALL, CAPTION)
    pen.text(
        (right, bottom + 4), f"{last:,.0f}", fill=CAPTION, font=ImageFont.load_default(SMALL), anchor="ra"
    )


def _values(line: Line) -> np.ndarray:
    return line.values if line.split in DASHES else smooth(line.values, SMOOTHING)


def _write(
    pen: ImageDraw.ImageDraw,
    place: tuple[int, int],
    text: str,
    size: int,
    colour: str | tuple[int, int, int],
    room: int | None = None,
) -> None:
    """Words in one line, cut where there is no room for more."""
    font, words = ImageFont.load_default(size), " ".join(text.split())
    most = WIDTH - MARGIN - place[0] if room is None else room
    while words and pen.textlength(words, font=font) > most:
        words = words[:-2].rstrip() + "…" if len(words) > 2 else ""
    pen.text(place, words, fill=colour, font=font)
