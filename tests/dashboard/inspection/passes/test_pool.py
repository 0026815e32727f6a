"""Pools: a data set as the transforms read it, batches that every process cuts alike."""

from __future__ import annotations

import dataclasses

import pytest
import torch

from dashboard.inspection.passes.pool import dataset_pool
from models.datasets.embedded import MNIST_10K
from models.zoo.small import ARCHITECTURES
from tests.networks import built, classifier


@pytest.mark.parametrize("name", ["cnn", "vit"])
def test_a_dataset_is_read_as_the_transforms_read_it(name):
    of = classifier(built(ARCHITECTURES[name].build), side=28, classes=10)
    of = dataclasses.replace(of, preprocessing=MNIST_10K.preprocessing)
    pictures = dataset_pool(MNIST_10K, of, 50)
    assert (len(pictures), pictures.few, pictures.items[7].address) == (50, True, "mnist-10k/test/7")
    assert pictures.title == "the first 50 test pictures of MNIST 10k"
    transforms = of.preprocessing.transforms()
    expected = torch.stack([transforms(MNIST_10K.picture("test", index)[0]) for index in (3, 40)])
    assert torch.equal(pictures.take([3, 40]), expected)
    assert pictures.label(3) == MNIST_10K.classes[MNIST_10K.picture("test", 3)[1]]
