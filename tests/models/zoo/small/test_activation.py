"""Every activation function of the settings, by its definition."""

from __future__ import annotations

import math

import pytest
import torch

from models.zoo.small import ACTIVATIONS
from models.zoo.small.activation import build_activation

BY_DEFINITION = {
    "relu": lambda x: max(0.0, x),
    "gelu": lambda x: x * (1 + math.erf(x / math.sqrt(2))) / 2,
    "silu": lambda x: x / (1 + math.exp(-x)),
    "tanh": math.tanh,
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "leaky": lambda x: x if x > 0 else 0.01 * x,
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_is_what_its_name_says(name):
    module, points = build_activation(name), [-3.0, -0.5, 0.0, 0.5, 3.0]
    expected = torch.tensor([BY_DEFINITION[name](point) for point in points])
    torch.testing.assert_close(module(torch.tensor(points)), expected)
    assert not list(module.parameters())
