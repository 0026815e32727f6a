"""A grid of channels: pixel-exact, on one scale, each tile where its marker is."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

from dashboard.charts.activations import tiles
from dashboard.charts.palette import colours_of


def picture(figure) -> np.ndarray:
    """The embedded picture as (H, W, 4)."""
    source = figure.layout.images[0].source.partition(",")[2]
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(source))).convert("RGBA"))


def maps(count: int = 10, side: int = 6, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(count, side, side)).astype(np.float32)


def drawn(values: np.ndarray, limit: float, *, signed: bool) -> np.ndarray:
    return colours_of(np.clip(values, -limit, limit), limit, signed=signed)


@pytest.mark.parametrize("signed", [True, False])
def test_every_place_has_its_colour_where_its_marker_is(signed):
    values = maps() if signed else np.abs(maps())
    figure = tiles.grid(values, np.arange(10) * 3, limit=2.0, signed=signed, marked=None, noun="Channel")
    pixels, markers = picture(figure), figure.data[1]
    assert list(markers.customdata) == [0, 3, 6, 9, 12, 15, 18, 21, 24, 27]
    step = tiles.SIDE // 6
    for tile in range(10):
        for row, column in ((0, 0), (5, 5), (2, 4)):
            y = int(markers.y[tile] + (row - 3 + 0.5) * step)
            x = int(markers.x[tile] + (column - 3 + 0.5) * step)
            expected = drawn(values[tile, row : row + 1, column : column + 1], 2.0, signed=signed)[0, 0]
            np.testing.assert_allclose(pixels[y, x, :3], expected, atol=3)
            assert pixels[y, x, 3] == 255


def test_zero_is_the_neutral_middle_and_gaps_are_clear():
    figure = tiles.grid(
        np.zeros((2, 3, 3)), np.arange(2), limit=1.0, signed=True, marked=None, noun="Channel"
    )
    pixels = picture(figure)
    assert set(map(tuple, pixels[tiles.CAPTION + 1 :, :90].reshape(-1, 4))) == {(247, 247, 247, 255)}
    assert (pixels[: tiles.CAPTION, :, 3] == 0).all()
    assert (pixels[:, tiles.SIDE : tiles.SIDE + tiles.GAP, 3] == 0).all()


def test_large_maps_are_averaged_and_what_is_no_number_stays_clear():
    large = np.zeros((1, 192, 192), np.float32)
    large[0, :96] = 1
    pixels = picture(tiles.grid(large, np.arange(1), limit=1.0, signed=False, marked=None, noun="Channel"))
    assert pixels.shape[0] == tiles.SIDE + tiles.CAPTION
    holes = tiles.mosaic(np.array([[[np.nan, 1.0]]]), limit=1.0, signed=False, across=1, side=8).convert(
        "RGBA"
    )
    assert np.asarray(holes)[0, 0, 3] == 0 and np.asarray(holes)[0, -1, 3] == 255


def test_the_chosen_channel_has_a_frame_around_its_tile():
    figure = tiles.grid(maps(), np.arange(10), limit=1.0, signed=True, marked=9, noun="Channel")
    (frame,) = figure.layout.shapes
    assert frame.x0 < figure.data[1].x[9] < frame.x1
    assert frame.y0 < figure.data[1].y[9] < frame.y1
    assert not tiles.grid(maps(), np.arange(10), limit=1.0, signed=True, marked=99, noun="C").layout.shapes


def test_limits():
    assert tiles.limit(np.zeros((2, 2))) == 1.0
    assert tiles.limit(np.array([np.nan, np.inf])) == 1.0
    assert tiles.limit(np.array([-3.0, 1.0])) == pytest.approx(3.0, rel=0.02)
    assert tiles.is_signed(np.array([-1e-9])) and not tiles.is_signed(np.array([0.0, 1.0]))
    own, limit, signed = tiles.normalise(np.array([[[1.0, 2.0]], [[-10.0, 30.0]]]))
    assert (limit, signed) == (1.0, True)
    np.testing.assert_allclose(np.abs(own).max((1, 2)), 1, rtol=0.02)


def test_a_page_of_noise_stays_below_its_budget():
    figure = tiles.grid(maps(64, 224), np.arange(64), limit=3.0, signed=True, marked=1, noun="Channel")
    assert len(figure.to_json()) < 1_200_000


def test_maps_that_are_not_square_keep_their_shape():
    figure = tiles.grid(
        np.ones((3, 4, 8)), np.arange(3), limit=1.0, signed=False, marked=None, noun="Channel"
    )
    assert picture(figure).shape[:2] == (48 + tiles.CAPTION, 3 * 96 + 2 * tiles.GAP)
