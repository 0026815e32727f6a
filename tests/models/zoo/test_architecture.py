"""A kind of network, known by name before its code is imported."""

from __future__ import annotations

import dataclasses
from typing import Any

from models.zoo.architecture import Architecture

KNOWN = Architecture("mlp", "MLP", "", "models.zoo.small.mlp:MLP")


def test_another_activation_function_is_other_code():
    other = KNOWN.with_activation("tanh", "Tanh")
    assert (other.title, other.activation, other.usual) == ("MLP with Tanh", "tanh", "relu")
    assert KNOWN.key.endswith(": mlp []")
    assert other.key.endswith(": mlp [('activation', 'tanh')]")
    assert dataclasses.replace(other, activation="relu").key == KNOWN.key


def test_it_is_built_of_sizes_and_options():
    module: Any = KNOWN.build(7, 3, dropout=0.25)
    assert (module.head.out_features, module.fc1.in_features) == (7, 3 * 28 * 28)
    assert module.dropout1.p == 0.25
