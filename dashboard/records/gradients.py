"""Records of a backward pass: what training on one picture would change, and where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dashboard.records.arrays import ArrayRecord
from dashboard.records.network import LayerCall


@dataclass(frozen=True)
class LayerGradient:
    """What a backward pass leaves at one call; norms are Euclidean, of all values together.

    Attributes:
        call: whose output it is.
        activation: norm of the output.
        gradient: norm of the loss's gradient at the output; 0 where the loss does not depend on it.
        weights: norm of the layer's own weights; None where it has none.
        weight_gradient: norm of the loss's gradient at them, all calls of the layer together; None likewise.
    """

    call: LayerCall
    activation: float
    gradient: float
    weights: float | None = None
    weight_gradient: float | None = None

    @property
    def ratio(self) -> float | None:
        """Gradient of the weights over their size; None where there are none, or they are all zero."""
        return (
            self.weight_gradient / self.weights if self.weights and self.weight_gradient is not None else None
        )


@dataclass(frozen=True)
class HeadGradient:
    """The last linear layer, where the chain rule can be checked by hand.

    Attributes:
        name: of the layer.
        inputs: norm of what it reads.
        error: norm of the error at the output.
        weight_gradient: norm of the loss's gradient at its weights.
    """

    name: str
    inputs: float
    error: float
    weight_gradient: float


@dataclass(frozen=True, eq=False)
class BackwardPass(ArrayRecord):
    """The backward pass of one picture and class: what training would change, and where.

    Attributes:
        target: the class taken for the truth.
        loss: cross entropy, the negative natural logarithm of its probability; at least 0.
        error: (classes,) float, gradient of the loss at the logits: softmax, minus one for the truth; in [-1, 1].
        layers: in the order of the forward pass.
        pixels: norm of the loss's gradient at the input.
        pixel_map: (H, W) float32, mean size of that gradient over the channels.
        head: the last linear layer; None where the logits come from no such layer.
    """

    target: int
    loss: float
    error: np.ndarray
    layers: tuple[LayerGradient, ...]
    pixels: float
    pixel_map: np.ndarray
    head: HeadGradient | None
