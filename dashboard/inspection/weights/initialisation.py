"""How widely a layer's numbers would be spread had nobody trained it."""

from __future__ import annotations

import math

from dashboard.records.weights import InitialSpread, TensorFacts

# Gain for a layer that a ReLU follows.
RELU = 2.0


def torch_default(inputs: int) -> float:
    """The spread of nn.Linear and nn.Conv2d as torch makes them: equal chances between +-1 / sqrt(inputs)."""
    return uniform_bound(inputs) / math.sqrt(3)


def uniform_bound(inputs: int) -> float:
    """The greatest size of a weight as torch makes it."""
    return 1 / math.sqrt(inputs)


def expected_spreads(facts: TensorFacts) -> tuple[InitialSpread, ...]:
    """What the usual initialisations would give a matrix or convolution; empty for all else.

    Kaiming's keeps the size of activations through ReLU layers, Xavier's that of activations and gradients without a
    nonlinearity.

    Reference:
        He, Zhang, Ren and Sun, Delving deep into rectifiers, 2015; Glorot and Bengio, Understanding the difficulty of
        training deep feedforward neural networks, 2010.
    """
    if facts.fans is None or not facts.count:
        return ()
    inputs, outputs = facts.fans
    return (
        InitialSpread("Kaiming", math.sqrt(RELU / inputs)),
        InitialSpread("Xavier", math.sqrt(2 / (inputs + outputs))),
        InitialSpread("torch's default", torch_default(inputs)),
    )
