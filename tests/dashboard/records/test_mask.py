"""What is painted: written for an address and read back, whatever anybody types there."""

from __future__ import annotations

import base64
import zlib

import numpy as np
import pytest

from dashboard.parameters import MASK
from dashboard.records import mask


def cells_of(shape: tuple[int, int], seed: int) -> np.ndarray:
    return np.random.default_rng(seed).random(shape) < 0.5


@pytest.mark.parametrize("shape", [(56, 56), (28, 28), (1, 1), (3, 5), (56, 32)])
def test_what_is_written_is_read_back(shape):
    for cells in (cells_of(shape, 1), np.zeros(shape, bool), np.ones(shape, bool)):
        text = mask.write_cells(cells)
        assert len(text) <= mask.LONGEST and set(text) <= set(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        )
        found = mask.read_cells(text, shape)
        assert found is not None and found.dtype == bool and np.array_equal(found, cells)
        assert np.array_equal(mask.unpack_cells(base64.b64decode(mask.pack_cells(cells)), shape), cells)


def test_a_rectangle_is_short_and_the_longest_fits_the_address():
    cells = np.zeros((56, 56), bool)
    cells[10:40, 5:50] = True
    assert len(mask.write_cells(cells)) < 40
    assert MASK.longest == mask.LONGEST


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "!!",
        "AAAA",
        "é",
        mask.write_cells(cells_of((28, 28), 0)),
        mask.write_cells(cells_of((57, 56), 0)),
    ],
)
def test_what_is_no_mask_of_that_shape_is_none(text):
    assert mask.read_cells(text, (56, 56)) is None


def test_what_would_unfold_without_end_is_none():
    packer = zlib.compressobj(9, wbits=-15)
    packed = packer.compress(bytes(10**6)) + packer.flush()
    assert mask.read_cells(base64.urlsafe_b64encode(packed).decode().rstrip("="), (56, 56)) is None


def test_each_pixel_takes_its_cell():
    cells = np.array([[True, False], [False, True]])
    assert (
        mask.spread(cells, (4, 6)).tolist() == [[True] * 3 + [False] * 3] * 2 + [[False] * 3 + [True] * 3] * 2
    )
    assert mask.cell_shape((224, 28)) == (56, 28)
    assert mask.unpack_cells(b"", (1, 3)).tolist() == [[False] * 3]
