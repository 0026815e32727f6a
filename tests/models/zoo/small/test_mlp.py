"""The multilayer perceptron, computed once more by hand."""

from __future__ import annotations

import torch
from torch import nn

from models.runtime.randomness import fork_rng
from models.zoo.small.mlp import MLP


def test_it_is_three_matrices_with_relu_between():
    with fork_rng(0):
        network, inputs = MLP(classes=3).eval(), torch.randn(2, 1, 28, 28)
    hidden = inputs.reshape(2, 784)
    for layer in (network.fc1, network.fc2):
        hidden = (hidden @ layer.weight.T + layer.bias).clamp(min=0)
    torch.testing.assert_close(network(inputs), hidden @ network.head.weight.T + network.head.bias)
    assert [tuple(layer.weight.shape) for layer in network.modules() if isinstance(layer, nn.Linear)] == [
        (128, 784),
        (64, 128),
        (3, 64),
    ]
