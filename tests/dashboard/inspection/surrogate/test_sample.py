"""Pictures to grow a tree with and to measure it with: never the same ones."""

from __future__ import annotations

import numpy as np
import torch

from dashboard.inspection.passes.pool import Item, Pool
from dashboard.inspection.surrogate.sample import (
    GROWN,
    HELD_OUT,
    hold_out_all,
    split_at_random,
    split_dataset,
)
from models.datasets.embedded import MNIST_10K
from models.networks import find_network
from models.runtime.progress import silent


def pool(count: int) -> Pool:
    inputs = torch.arange(float(count))[:, None, None, None]
    items = tuple(Item(f"test/{index}", f"Test {index}") for index in range(count))
    return Pool("test pictures", "test", items, lambda indices: inputs[list(indices)])


def test_a_quarter_is_held_out_the_same_one_each_time():
    first, second = split_at_random(pool(400)), split_at_random(pool(400))
    assert first.held_out.sum() == HELD_OUT * 400
    assert (first.held_out == second.held_out).all()
    assert 0 < first.held_out[:200].sum() < 100, "not the first of them, nor the last"


def test_all_are_held_out_where_no_tree_is_grown():
    assert hold_out_all(pool(7)).held_out.tolist() == [True] * 7


def test_a_dataset_is_divided_as_it_divides_itself():
    network = find_network("mlp").load(silent)
    sample = split_dataset(MNIST_10K, network)
    grown = min(GROWN, MNIST_10K.counts["train"])
    assert np.flatnonzero(sample.held_out)[0] == grown == (~sample.held_out).sum()
    # One picture of each part, in one batch and by itself.
    places = [grown - 1, grown]
    both = sample.pool.take(places)
    for row, (split, place) in enumerate((("train", grown - 1), ("test", 0))):
        picture, label = MNIST_10K.picture(split, place)
        torch.testing.assert_close(both[row], network.preprocessing.transforms()(picture))
        torch.testing.assert_close(sample.pool.take(places[row : row + 1])[0], both[row])
        assert sample.pool.label(places[row]) == MNIST_10K.classes[label]
