"""How widely a layer's numbers would be spread had nobody trained it."""

from __future__ import annotations

import math

from dashboard.records.weights import InitialSpread, TensorFacts

# Gain for a layer that a ReLU follows.
RELU = 2.0


def kaiming(inputs: int) -> float:
    """The standard deviation that keeps the size of activations through ReLU layers.

    Args:
        inputs: of a unit, at least 1.

    Reference:
        He, Zhang, Ren and Sun 2015, Delving Deep into Rectifiers, https://arxiv.org/abs/1502.01852.
    """
    return math.sqrt(RELU / inputs)


def xavier(inputs: int, outputs: int) -> float:
    """The standard deviation that keeps activations and gradients alike without a nonlinearity.

    Args:
        inputs: of a unit.
        outputs: that an input goes to.

    Reference:
        Glorot and Bengio 2010, Understanding the Difficulty of Training Deep Feedforward Neural Networks.
    """
    return math.sqrt(2 / (inputs + outputs))


def torch_default(inputs: int) -> float:
    """The standard deviation of nn.Linear and nn.Conv2d as torch makes them: equal chances between +-1 / sqrt(inputs).

    Args:
        inputs: of a unit, at least 1.
    """
    return uniform_bound(inputs) / math.sqrt(3)


def uniform_bound(inputs: int) -> float:
    """The greatest size of a weight as torch makes it.

    Args:
        inputs: of a unit, at least 1.
    """
    return 1 / math.sqrt(inputs)


def expected_spreads(facts: TensorFacts) -> tuple[InitialSpread, ...]:
    """What the usual initialisations would give a matrix or convolution; empty for all else.

    Args:
        facts: of a tensor.
    """
    if facts.fans is None or not facts.count:
        return ()
    inputs, outputs = facts.fans
    return (
        InitialSpread("Kaiming", kaiming(inputs)),
        InitialSpread("Xavier", xavier(inputs, outputs)),
        InitialSpread("torch's default", torch_default(inputs)),
    )
