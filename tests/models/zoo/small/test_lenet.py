"""LeNet-5."""

from __future__ import annotations

import torch
from torch import nn

from models.runtime.randomness import fork_rng
from models.zoo.small.lenet import LeNet5


def test_its_maps_have_the_sizes_of_the_paper():
    network = LeNet5().eval()
    shapes: list[tuple[int, ...]] = []
    for layer in (
        network.conv1,
        network.pool1,
        network.conv2,
        network.pool2,
        network.fc1,
        network.fc2,
        network.head,
    ):
        layer.register_forward_hook(lambda *answer: shapes.append(tuple(answer[2].shape[1:])))
    network(torch.zeros(1, 1, 28, 28))
    assert shapes == [(6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 5, 5), (120,), (84,), (10,)]


def test_units_are_dropped_only_before_the_head():
    with fork_rng(0):
        network, inputs = LeNet5(dropout=0.5).eval(), torch.randn(2, 1, 28, 28)
    assert [name for name, layer in network.named_modules() if isinstance(layer, nn.Dropout)] == ["dropout"]
    before = network(inputs)
    network.dropout.p = 0.0
    torch.testing.assert_close(network.train()(inputs), before)
