"""Kernels are drawn pixel by pixel on one scale."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from dashboard.charts.palette import MISSING
from dashboard.charts.weights.filters import HEIGHT, LABEL, grid, tile_pixels, tiles_per_page
from dashboard.records.weights import Filters


def opened(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"))


def tiles(values: np.ndarray) -> Filters:
    return Filters(
        tuple(values.astype(np.float32)), tuple(str(place) for place in range(len(values))), len(values)
    )


def test_zero_is_in_the_middle_and_the_ends_mirror_each_other():
    row = tile_pixels(np.array([[-2.0, -1.0, 0.0, 1.0, 2.0]]), 1.0)[0]
    assert (row[0] == row[1]).all() and (row[3] == row[4]).all()
    assert row[2].min() > 240
    assert row[1][0] > row[1][2] and row[3][2] > row[3][0]


def test_colours_are_the_kernels_own_with_grey_for_zero():
    pixels = tile_pixels(np.array([[[0.0, 0.5, -1.0]]]), 1.0)[0, 0]
    assert pixels.tolist() == [128, 191, 0]


def test_what_is_not_finite_is_drawn_in_a_colour_of_its_own():
    pixels = tile_pixels(np.array([[np.nan, np.inf, 0.0]]), 1.0)[0]
    assert tuple(pixels[0]) == tuple(pixels[1]) == MISSING
    assert tuple(pixels[2]) != MISSING


@pytest.mark.parametrize("side", [1, 3, 7, 28, 200])
def test_each_weight_is_a_square_of_whole_pixels(side):
    values = np.random.default_rng(0).normal(size=(3, side, side))
    picture = opened(grid(tiles(values), 2.0))
    factor = 88 // side or min(960 // side, HEIGHT // side, 6)
    first = picture[LABEL : LABEL + side * factor, : side * factor]
    expected = tile_pixels(values[0].astype(np.float32), 2.0).repeat(factor, 0).repeat(factor, 1)
    assert np.array_equal(first[..., :3], expected)
    assert (first[..., 3] == 255).all()


def test_all_tiles_are_drawn_below_each_other_and_the_scale_last():
    values = np.ones((25, 3, 3))
    picture = opened(grid(tiles(values), 1.0))
    end = tile_pixels(np.ones((1, 1)), 1.0)[0, 0]
    blue = (picture[..., :3] == end).all(2).sum()
    assert blue >= 25 * (3 * 29) ** 2
    assert picture.shape[0] > 3 * 87


@pytest.mark.slow
@pytest.mark.parametrize(
    ("height", "width"), [(3, 3), (7, 7), (28, 28), (128, 9), (128, 64), (128, 192), (128, 1536)]
)
def test_a_full_page_is_neither_endless_nor_heavy(height, width):
    count = tiles_per_page(height, width)
    values = np.random.default_rng(0).normal(size=(count, height, width))
    data = grid(tiles(values), 3.0)
    assert opened(data).shape[0] <= HEIGHT + 100
    assert len(data) < 450_000
