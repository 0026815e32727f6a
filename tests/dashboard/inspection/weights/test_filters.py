"""Tiles hold the tensor's own numbers, cut as it is said."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dashboard.inspection.weights.filters import BLOCK, count, filters, fold_of, ways
from dashboard.inspection.weights.tensors import facts

CASES = {
    "first layer in colour": ((8, 3, 5, 5), ("colour", "each")),
    "first layer in grey": ((8, 1, 5, 5), ("each",)),
    "convolution": ((6, 4, 3, 3), ("unit", "input", "each")),
    "pointwise": ((6, 4, 1, 1), ("matrix",)),
    "dense": ((6, 4), ("matrix",)),
    "in three dimensions": ((6, 4, 2, 3, 3), ("unit", "input", "each")),
    "in one dimension": ((6, 4, 9), ("matrix",)),
}


def known(*shape: int):
    return facts({"a.weight": torch.zeros(shape)})[0]


@pytest.mark.parametrize(("shape", "expected"), CASES.values(), ids=CASES)
def test_each_kind_of_weight_has_its_ways_and_they_count_their_tiles(shape, expected):
    tensor = torch.arange(float(np.prod(shape))).view(shape)
    assert ways(known(*shape)) == expected
    for way in expected:
        found = filters(tensor, way)
        assert len(found.tiles) == len(found.labels) == found.total == count(known(*shape), way)


def test_colours_are_the_three_inputs_of_a_unit():
    tensor = torch.rand(8, 3, 5, 5)
    found = filters(tensor, "colour", first=2, behind=4)
    assert found.colour and found.labels == ("2", "3")
    assert np.array_equal(found.tiles[1][..., 2], tensor[3, 2].numpy())


def test_kernels_of_a_unit_and_on_an_input():
    tensor = torch.rand(6, 4, 3, 3)
    assert np.array_equal(np.stack(filters(tensor, "unit", number=5).tiles), tensor[5].numpy())
    assert np.array_equal(np.stack(filters(tensor, "input", number=2).tiles), tensor[:, 2].numpy())
    each = filters(tensor, "each", first=5)
    assert each.labels[0] == "1:1"
    assert np.array_equal(each.tiles[0], tensor[1, 1].numpy())


def test_a_dense_layer_on_pictures_is_folded_back_into_them():
    tensor = torch.rand(10, 784)
    found = filters(tensor, "images", fold=(28, 28))
    assert np.array_equal(found.tiles[3], tensor[3].view(28, 28).numpy())
    colours = filters(torch.rand(10, 3 * 64), "images", fold=(3, 8, 8))
    assert len(colours.tiles) == 10 and colours.tiles[0].shape == (8, 8, 3)


def test_a_matrix_is_cut_into_blocks_of_rows_and_columns():
    height, width = BLOCK
    tensor = torch.rand(height + 5, 7)
    found = filters(tensor, "matrix")
    assert found.labels == (f"0 to {height - 1}", f"{height} to {height + 4}")
    assert np.array_equal(found.tiles[1], tensor[height:].numpy())
    wide = torch.rand(3, 2 * width + 1)
    parts = filters(wide, "matrix")
    assert parts.total == count(known(3, 2 * width + 1), "matrix") == 3
    assert parts.labels[2] == f"0 to 2 : {2 * width} to {2 * width}"
    assert np.array_equal(np.concatenate(parts.tiles, 1), wide.numpy())


def test_a_fold_is_the_networks_input_or_a_square_of_a_first_dense_layer():
    dense = facts({"1.weight": torch.zeros(5, 784), "3.weight": torch.zeros(4, 400)})
    assert fold_of(dense[0], dense) == (28, 28)
    assert fold_of(dense[1], dense) is None
    assert fold_of(dense[0], dense, (1, 28, 28)) == (28, 28)
    assert fold_of(dense[0], dense, (1, 32, 32)) is None
    colours = facts({"1.weight": torch.zeros(5, 3072)})
    assert fold_of(colours[0], colours) == (3, 32, 32)
    behind_convolution = facts({"0.weight": torch.zeros(4, 1, 3, 3), "1.weight": torch.zeros(5, 400)})
    assert fold_of(behind_convolution[1], behind_convolution) is None
