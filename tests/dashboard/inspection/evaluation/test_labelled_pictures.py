"""Pictures of a split as a network reads them, with their labels."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dashboard.inspection.evaluation.labelled_pictures import display, split_pictures
from models.datasets.embedded import MNIST_10K
from models.networks import find_network
from models.runtime.progress import silent


@pytest.mark.parametrize("split", ["train", "test"])
def test_pictures_of_a_split_are_those_that_a_person_sees(split):
    network = find_network("mlp").load(silent)
    places = [5, 900, 33]
    given = split_pictures(MNIST_10K, split, places, network, title="three", key="three")
    assert [item.address for item in given.pool.items] == [f"mnist-10k/{split}/{place}" for place in places]
    pictures = [MNIST_10K.picture(split, place) for place in places]
    assert given.labels.tolist() == [label for _, label in pictures]
    assert [given.pool.label(index) for index in range(3)] == [str(label) for _, label in pictures]
    expected = torch.stack([network.preprocessing.transforms()(image) for image, _ in pictures])
    torch.testing.assert_close(given.pool.take(range(3)), expected)
    shown = display(network, given.pool, [1])[0]
    np.testing.assert_array_equal(shown[..., 0], np.asarray(pictures[1][0]))
