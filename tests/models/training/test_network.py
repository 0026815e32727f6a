"""A fresh network for a run's data."""

from __future__ import annotations

import dataclasses

import pytest
import torch

from models.datasets import find_dataset
from models.runtime.errors import UserError
from models.runtime.randomness import fork_rng
from models.training import network
from tests.models.training.conftest import SMALL


def test_it_reads_the_data_and_answers_its_classes():
    dataset = find_dataset("mnist-10k")
    module = network.build(dataclasses.replace(SMALL, model="cnn"), dataset)
    assert module.training
    assert module(torch.zeros(2, 1, 28, 28)).shape == (2, 10)


def test_looking_whether_it_fits_draws_nothing():
    with fork_rng(3):
        network.build(SMALL, find_dataset("mnist-10k"))
        after = torch.rand(())
    with fork_rng(3):
        from models.zoo.small import ARCHITECTURES

        ARCHITECTURES[SMALL.model].build(10, 1, 0.0)
        assert torch.rand(()).equal(after)


def test_pictures_of_another_size_are_refused():
    dataset = dataclasses.replace(find_dataset("mnist-10k"), size=(32, 32))
    with pytest.raises(
        UserError, match=r"cannot read pictures of 32 x 32 pixels; set Image size \(image_size\)"
    ):
        network.build(SMALL, dataset)
