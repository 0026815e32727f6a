"""The function between two layers: a module of its own, called by its name, so that a hook sees what it does."""

from __future__ import annotations

from torch import nn

from models.zoo.small import ACTIVATIONS


def build_activation(name: str) -> nn.Module:
    """A fresh activation function by its name in ACTIVATIONS; none has weights."""
    module: nn.Module = getattr(nn, ACTIVATIONS[name].module)()
    return module
