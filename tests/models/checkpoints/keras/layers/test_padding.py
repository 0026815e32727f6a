"""Keras's "same" padding, by its definition: ceil(n / stride) places, the odd pixel at the end."""

from __future__ import annotations

import itertools

import pytest

from models.checkpoints.keras.layers.padding import Window


@pytest.mark.parametrize(
    ("size", "kernel", "stride"), list(itertools.product((1, 4, 5, 8), (1, 2, 3, 4), (1, 2, 3)))
)
def test_same_gives_as_many_places_as_strides_fit_in(size, kernel, stride):
    window = Window((size, size), (kernel, kernel), (stride, stride), same=True)
    before, after = window.before[0], window.after[0]
    assert window.places[0] == -(-size // stride)
    assert 0 <= after - before <= 1
    assert (size + before + after - kernel) // stride + 1 == window.places[0]
    if window.fits_ceiling:
        assert -(-(size + 2 * before - kernel) // stride) + 1 == window.places[0]


def test_a_window_spreads():
    window = Window((9, 9), (3, 2), (1, 1), (2, 3), same=True)
    assert (window.reach, window.before, window.after) == ((5, 4), (2, 1), (2, 2))
    assert window.sides == (1, 2, 2, 2)
    assert Window((9, 9), (3, 2), (1, 1), (2, 3)).places == (5, 6)
