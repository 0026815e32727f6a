"""Channels, bins and receptive fields, from numbers that are known."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.records.activations import (
    ActivationHealth,
    AttentionMaps,
    ForwardPass,
    LayerHealth,
    LayerMaps,
    LayerOverData,
    ReceptiveField,
    StageOutput,
    ValueSpread,
)
from dashboard.records.network import LayerCall

CALL = LayerCall("conv", "Conv2d", (2, 2, 2))


def maps(values: np.ndarray) -> LayerMaps:
    influence = np.array([[1.0, -2.0], [3.0, 4.0]])
    return LayerMaps(CALL, values, np.array([5, 9]), influence, np.zeros(2), exact=True)


def test_strength_is_the_mean_size_and_influence_is_by_class():
    found = maps(np.array([[[1.0, -1], [1, -1]], [[0, 0], [0, 2]]]))
    assert (found.channels, found.spatial) == (2, True)
    assert found.strength.tolist() == [1.0, 0.5]
    assert found.influence_on(9).tolist() == [3.0, 4.0]
    assert found.nbytes == 64 + 16 + 32 + 16
    assert not maps(np.ones((2, 1, 1))).spatial


def test_bins_reach_to_a_power_of_two():
    zeros = np.zeros((2, 1))
    over = LayerOverData(
        CALL, 3, None, 4, zeros, zeros, zeros, np.zeros((2, 4), int), np.array([1, -1]), None, None, 0,
        zeros, zeros, zeros, zeros, zeros, zeros, 1.0,
    )  # fmt: skip
    assert over.edges(0).tolist() == [-2, -1, 0, 1, 2]
    assert over.edges(1).tolist() == [-0.5, -0.25, 0, 0.25, 0.5]
    assert over.nbytes == 9 * 16 + 64 + 16


@pytest.mark.parametrize(
    ("box", "place", "seen"),
    [
        ((4, 4, 12, 12), 5, (4, 4, 12, 12)),  # the place that was measured
        ((4, 4, 12, 12), 0, (0, 0, 8, 8)),
        ((4, 4, 12, 12), 15, (12, 12, 20, 20)),
        ((0, 4, 12, 12), 0, (0, 0, 16, 8)),  # cut off at the top, so it is taken to see every row
    ],
)
def test_a_receptive_field_moves_with_its_place(box, place, seen):
    field = ReceptiveField((16, 16), (4, 4), (1, 1), box)
    assert field.at(place) == seen and not field.whole


def test_a_field_of_the_whole_picture_is_whole_everywhere():
    field = ReceptiveField((16, 20), (2, 2), (0, 0), (0, 0, 16, 20))
    assert field.whole and field.at(3) == (0, 0, 16, 20)


def test_attention_over_the_picture_leaves_the_first_tokens_out():
    weights = np.arange(2 * 5 * 5, dtype=np.float32).reshape(1, 2, 5, 5)
    found = AttentionMaps(weights, prefix=1, grid=(2, 2)).over_picture(0, 0)
    assert found.tolist() == [[[1, 2], [3, 4]], [[26, 27], [28, 29]]]


def test_memory_and_units_add_up():
    stage = StageOutput(CALL, ValueSpread(0, 1, -1, 1, 0), np.zeros((2, 2, 2), np.float32), np.arange(2))
    assert ForwardPass((stage, stage), {}, 1.0).nbytes == 2 * (32 + 16)
    layers = tuple(LayerHealth(CALL, 0, 1, 0, 0, "ReLU", units) for units in (3, 4))
    assert ActivationHealth(layers, 10, 0, 1.0).units == 7
