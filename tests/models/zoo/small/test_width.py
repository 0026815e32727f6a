"""How wide a layer is."""

from __future__ import annotations

import dataclasses

import pytest
import torch

from models.zoo.small import ARCHITECTURES
from models.zoo.small.width import scale


def test_at_least_one_unit_is_left():
    assert [scale(128, width) for width in (1.0, 0.5, 2.0, 0.001)] == [128, 64, 256, 1]


@pytest.mark.parametrize("architecture", ARCHITECTURES.values(), ids=lambda architecture: architecture.name)
def test_every_network_is_built_narrower_and_answers(architecture):
    """On the meta device, where nothing is computed."""
    counts = []
    for width in (1 / 16, 0.5, 1.0, 2.0):
        with torch.device("meta"):
            network = dataclasses.replace(architecture, width=width).build().eval()
            assert network(torch.empty(2, 1, 28, 28)).shape == (2, 10)
        counts.append(sum(parameter.numel() for parameter in network.parameters()))
    assert counts == sorted(set(counts))


def test_a_width_of_its_own_is_other_code():
    mlp = ARCHITECTURES["mlp"]
    assert dataclasses.replace(mlp, width=1.0).key == mlp.key != dataclasses.replace(mlp, width=0.5).key
