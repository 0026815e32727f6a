"""What the backward pass of one picture says of learning, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.records.gradients import BackwardPass, LayerGradient
from dashboard.wording.numbers import three_digits
from models.meaning import Reading

# A gradient that has changed by more than this factor between the logits and the first layer is worth a warning.
LARGE_CHANGE = 1000.0


@dataclass(frozen=True)
class ErrorTerms:
    """What the error at the output is, by how an answer is read.

    Attributes:
        formula: LaTeX.
        loss: whose gradient it is, in words.
    """

    formula: str
    loss: str


ERRORS: dict[Reading, ErrorTerms] = {
    "one of several": ErrorTerms(
        r"\delta = \frac{\partial L}{\partial z} = \mathrm{softmax}(z) - y",
        "the negative logarithm of the class's probability",
    ),
    "each by itself": ErrorTerms(
        r"\delta_k = \frac{\partial L}{\partial z_k} = \mathrm{sigmoid}(z_k) - 1",
        "the negative logarithm of the attribute's probability",
    ),
    "values": ErrorTerms(
        r"\delta_k = \frac{\partial L}{\partial z_k} = -1", "the value with its sign turned"
    ),
}


def headline(backward: BackwardPass, figure: str, title: str) -> str:
    """How large the error is, and what is left of it at the pixels.

    Args:
        backward: the pass.
        figure: the probability of the class that is taken for the truth, or the value, in words.
        title: of that class.
    """
    error = float(np.linalg.norm(backward.error))
    if error == 0:
        return f"Nothing to learn: the network is as good as certain of {title}, so every gradient is zero."
    return (
        f"{figure} for {title} leaves an error of {three_digits(error)}; on its way back to the pixels "
        f"the gradient becomes {three_digits(backward.pixels)}."
    )


def cautions(backward: BackwardPass, layers: Sequence[LayerGradient]) -> list[str]:
    """A sentence for each thing that keeps layers from learning: no gradient, a vanishing or an exploding one.

    Args:
        backward: the pass.
        layers: those that are looked at, in the order of the forward pass.
    """
    sentences = []
    reached = [layer for layer in layers if layer.gradient > 0]
    silent = [layer for layer in layers if layer.gradient == 0]
    if silent and float(np.linalg.norm(backward.error)) > 0:
        sentences.append(
            f"No gradient reaches {', '.join(layer.call.name for layer in silent[:3])}: what lies before learns "
            "nothing from this picture."
        )
    if len(reached) < 2:
        return sentences
    first, last = reached[0], reached[-1]
    factor = first.gradient / last.gradient
    if factor < 1 / LARGE_CHANGE:
        sentences.append(
            f"The gradient vanishes: at {first.call.name} it is {three_digits(factor)} of what it is at "
            f"{last.call.name}. Early layers learn slowly; skip connections, normalisation or another "
            "initialisation usually help."
        )
    if factor > LARGE_CHANGE:
        sentences.append(
            f"The gradient explodes: at {first.call.name} it is {three_digits(factor)} times what it is at "
            f"{last.call.name}. A lower learning rate, clipping or normalisation usually help."
        )
    return sentences
