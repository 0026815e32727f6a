"""A neuron of whole numbers, so that each product can be checked by eye."""

from __future__ import annotations

import dataclasses

import numpy as np

from dashboard.records.network import LayerCall
from dashboard.records.neuron import Applied, Neuron

PLANE = np.arange(16, dtype=np.float32).reshape(1, 4, 4)


def example(**changes: object) -> Neuron:
    """A kernel of 2 x 2 over 3 x 3 numbers and a margin on the left and on top, every second place."""
    padded = PLANE.copy()
    padded[:, 0] = padded[:, :, 0] = 0
    kernel = np.array([[[1, 2], [3, 4]]], np.float32)
    outputs = np.array([[21, 46], [110, 136]], np.float32)
    neuron = Neuron(
        call=LayerCall("conv", "Conv2d", (1, 2, 2)),
        unit=0,
        dense=False,
        first=0,
        padded=padded,
        margins=(1, 0, 1, 0),
        stride=(2, 2),
        dilation=(1, 1),
        kernel=kernel,
        bias=1.0,
        outputs=outputs,
        applied=(),
        gradients=np.array([[1, 0], [0, 2]], np.float32),
    )
    return dataclasses.replace(neuron, **changes)  # type: ignore[arg-type]  # its fields


def test_a_place_multiplies_its_window_and_adds_the_bias():
    at = example().sum_at(0, 0)
    assert at.window.tolist() == [[[0, 0], [0, 5]]] and at.products.tolist() == [[[0, 0], [0, 20]]]
    assert at.inside.tolist() == [[False, False], [False, True]] and at.total == 21
    assert example().sum_at(1, 1).total == 1 + 10 + 2 * 11 + 3 * 14 + 4 * 15


def test_its_window_in_the_inputs_without_the_margin():
    assert example().inputs.tolist() == PLANE[:, 1:, 1:].tolist()
    assert example().box(0, 0) == (-1, -1, 1, 1) and example().box(1, 0) == (-1, 1, 1, 3)


def test_a_weight_gets_a_share_of_the_gradient_from_each_place():
    shares = example().shares_of((0, 1, 1))
    assert shares is not None and shares.tolist() == [[5, 0], [0, 30]]
    assert example(gradients=None).shares_of((0, 1, 1)) is None


def test_of_several_largest_places_the_one_that_was_largest_before():
    capped = Applied("cap", np.full((2, 2), 6, np.float32), np.ones((2, 2), np.float32), None, None)
    assert example().strongest == example(applied=(capped,)).strongest == (1, 1)
    assert example(outputs=np.array([[3, 9], [2, 1]], np.float32)).strongest == (0, 1)


def test_the_strongest_place_is_one_where_a_weight_changes_something():
    values, slopes = np.array([[4, 6], [6, 1]], np.float32), np.array([[1, 0], [0, 1]], np.float32)
    assert example(applied=(Applied("cap", values, slopes, None, None),)).strongest == (0, 0)
    flat = Applied("cap", values, np.zeros((2, 2), np.float32), None, None)
    assert example(applied=(flat,)).strongest == (1, 0)


def test_folding_multiplies_the_kernel_and_moves_the_bias():
    values = example().outputs * 2 - 5
    norm = Applied("batch norm", values, np.full((2, 2), 2, np.float32), -5.0, np.ones((2, 2), np.float32))
    folded = example(applied=(norm,)).fold()
    assert folded.kernel.tolist() == [[[2, 4], [6, 8]]] and folded.bias == -3 and folded.applied == ()
    assert folded.sum_at(0, 0).total == values[0, 0] == 37
    assert folded.gradients is norm.gradients
