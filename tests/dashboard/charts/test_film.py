"""Frames of a film, and the files that they become."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from dashboard.charts import film
from dashboard.charts.film import FilmFrame, Panel
from dashboard.records.curves import Line

RED, GREEN = (255, 0, 0), (0, 160, 0)
STEPS = np.array([0, 10, 20])
LINES = [
    Line("run", "training", STEPS, np.array([0.1, 0.6, 0.9]), 0),
    Line("run", "validation", STEPS, np.array([0.2, np.nan, 0.8]), 0),
]


def frame(step: int, colour: tuple[int, int, int] = RED) -> Image.Image:
    panel = Panel("Where it looks", Image.new("RGB", (28, 28), colour))
    one = FilmFrame(f"Step {step}", [panel] * 3, {"seven": step / 20, "a name " * 40: 0.0}, step)
    return film.draw(one, "A run", "Accuracy", LINES)


def test_a_frame_holds_its_pictures_pixel_by_pixel_and_the_line_moves():
    first, last = (np.asarray(frame(step)).astype(int) for step in (0, 20))
    assert first.shape == (film.HEIGHT, film.WIDTH, 3)
    # 28 pixels fit ten times into the height of half a column, and thirteen times into the width of a whole one.
    assert (first == RED).all(2).sum() == 2 * (9 * 28) ** 2 + (13 * 28) ** 2
    moved = (first != last).any(2)
    assert moved[film.HEIGHT // 2 :, film.WIDTH * 2 // 3 :].any(), "the mark on the curves"
    assert moved[: film.HEIGHT // 2, film.WIDTH * 2 // 3 :].any(), "the bars"
    assert not moved[film.HEAD :, : film.WIDTH // 2].any()


@pytest.mark.slow
@pytest.mark.parametrize("kind", film.FORMATS)
def test_a_film_has_all_frames_and_ends_slowly(kind):
    file = film.animate([frame(0), frame(10, GREEN), frame(20)], kind)
    with Image.open(io.BytesIO(file)) as moving:
        assert (moving.format, moving.n_frames, moving.size) == (kind.upper(), 3, (film.WIDTH, film.HEIGHT))  # type: ignore[attr-defined]
        seen = []
        for number in range(3):
            moving.seek(number)
            moving.load()
            seen.append((moving.info["duration"], moving.convert("RGB").getpixel((film.MARGIN + 50, 200))))
    assert [shown for shown, _ in seen] == [800, 800, 2400]
    (red, *_), (green, *_) = (colour for _, colour in seen[:2])  # type: ignore[misc]
    assert red > 200 > 60 > green


def test_frames_come_with_their_numbers():
    with np.load(io.BytesIO(film.npz([frame(0), frame(10)], steps=np.array([0, 10])))) as file:
        assert file["frames"].shape == (2, film.HEIGHT, film.WIDTH, 3) and file["frames"].dtype == np.uint8
        assert file["steps"].tolist() == [0, 10]


def test_without_curves_and_pictures_there_is_still_a_frame():
    empty = film.draw(FilmFrame("Step 1", [], {}, 1), "A run " * 100, "Accuracy", [])
    assert empty.size == (film.WIDTH, film.HEIGHT)
