"""What a tensor is, by its name and shape, and all its numbers in pieces."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations

from dashboard.inspection.weights.tensors import facts, pieces
from models.parametrisations import effective_tensors
from tests.networks import ConvNet, built


@pytest.mark.parametrize(
    "tensor",
    [
        torch.arange(24.0).view(4, 6).T,
        torch.arange(48.0).view(2, 4, 6)[:, ::2],
        torch.arange(20.0)[::3],
        torch.ones(1).expand(5, 7),
        torch.arange(96.0).view(2, 3, 4, 4).to(memory_format=torch.channels_last),
    ],
)
def test_pieces_hold_every_number_once_whatever_the_layout(tensor):
    found = list(pieces(tensor, 5))
    assert max(len(piece) for piece in found) <= 7
    assert sorted(torch.cat(found).tolist()) == sorted(tensor.flatten().tolist())


def test_roles_are_told_from_names_and_shapes_alone():
    module = nn.Sequential(ConvNet(), nn.LayerNorm(3))
    roles = {one.name: one.role for one in facts(module.state_dict())}
    assert roles == {
        "0.conv1.weight": "weight",
        "0.conv1.bias": "bias",
        "0.bn1.weight": "norm",
        "0.bn1.bias": "norm",
        "0.bn1.running_mean": "statistic",
        "0.bn1.running_var": "statistic",
        "0.bn1.num_batches_tracked": "other",
        "0.conv2.weight": "weight",
        "0.conv2.bias": "bias",
        "0.head.weight": "weight",
        "0.head.bias": "bias",
        "1.weight": "norm",
        "1.bias": "norm",
    }


def test_what_a_layer_computes_stands_where_the_layer_does():
    module = nn.Sequential(nn.Linear(2, 3), parametrizations.weight_norm(nn.Linear(3, 2)), nn.Linear(2, 2))
    effective, _ = effective_tensors({name: tensor.detach() for name, tensor in module.state_dict().items()})
    found = facts(dict(reversed(effective.items())), module)
    assert [one.layer for one in found] == ["0", "0", "1", "1", "2", "2"]
    assert {one.kind for one in found} == {"Linear"}


def test_fans_are_those_of_torch():
    layers = nn.ModuleDict(
        {
            "dense": nn.Linear(7, 3),
            "conv": nn.Conv2d(4, 6, (3, 5)),
            "grouped": nn.Conv2d(4, 6, 3, groups=2),
            "turned": nn.ConvTranspose2d(4, 6, 3),
        }
    )
    found = {one.layer: one.fans for one in facts(layers.state_dict(), layers) if one.role == "weight"}
    count = nn.init._calculate_fan_in_and_fan_out
    expected = {name: count(layers.state_dict()[f"{name}.weight"]) for name in layers}
    # What a transposed convolution's unit reads is what torch's formula takes for its outputs.
    expected["turned"] = expected["turned"][::-1]
    assert found == expected


def test_layers_come_in_the_order_of_the_network_or_by_number():
    network = built(ConvNet)
    shuffled = dict(sorted(network.state_dict().items(), reverse=True))
    assert [one.name for one in facts(shuffled, network)] == list(network.state_dict())
    numbered = {f"block.{number}.weight": torch.zeros(2, 2) for number in (10, 2, 1)}
    assert [one.layer for one in facts(numbered)] == ["block.1", "block.2", "block.10"]
