"""A fresh network for a run's data."""

from __future__ import annotations

import dataclasses

import pytest
import torch

from models.runtime.errors import UserError
from models.runtime.randomness import fork_rng
from models.training import data, network
from tests.models.training.conftest import SMALL

CPU = torch.device("cpu")


def test_it_reads_the_data_and_answers_its_classes():
    config = dataclasses.replace(SMALL, model="cnn")
    module = network.build(config, data.load(config, CPU))
    assert module.training
    assert module(torch.zeros(2, 1, 28, 28)).shape == (2, 10)


def test_looking_whether_it_fits_draws_nothing():
    loaded = data.load(SMALL, CPU)
    with fork_rng(3):
        network.build(SMALL, loaded)
        after = torch.rand(())
    with fork_rng(3):
        from models.zoo.small import ARCHITECTURES

        ARCHITECTURES[SMALL.model].build(10, 1)
        assert torch.rand(()).equal(after)


def test_pictures_of_another_size_are_refused():
    config = dataclasses.replace(SMALL, image_size=32)
    with pytest.raises(
        UserError, match=r"cannot read pictures of 32 x 32 pixels; set Image size \(image_size\)"
    ):
        network.build(config, data.load(config, CPU))


def test_operations_are_those_of_its_layers_and_a_narrower_network_has_fewer():
    loaded = data.load(SMALL, CPU)
    mlp = network.build(SMALL, loaded)
    assert loaded.format.count_flops(mlp) == 2 * (784 * 128 + 128 * 64 + 64 * 10)
    half = network.build(dataclasses.replace(SMALL, width=0.5), loaded)
    assert loaded.format.count_flops(half) == 2 * (784 * 64 + 64 * 32 + 32 * 10)


def test_operations_on_a_text_are_those_of_its_head_where_the_rest_is_looked_up():
    config = dataclasses.replace(SMALL, model="text_bag", dataset="mails")
    loaded = data.load(config, CPU)
    assert loaded.format.count_flops(network.build(config, loaded)) == 2 * 32 * 2
    wide = dataclasses.replace(config, width=2.0)
    assert loaded.format.count_flops(network.build(wide, loaded)) == 2 * 64 * 2
