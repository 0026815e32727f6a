"""What the backward pass of one picture says of learning, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dashboard.records.gradients import BackwardPass, LayerGradient
from dashboard.wording.numbers import percent, three_digits

# A gradient that has changed by more than this factor between the logits and the first layer is worth a warning.
LARGE_CHANGE = 1000.0


def headline(backward: BackwardPass, probability: float, title: str) -> str:
    """How large the error is, and what is left of it at the pixels.

    Args:
        backward: the pass.
        probability: of the class that is taken for the truth.
        title: of that class.
    """
    error = float(np.linalg.norm(backward.error))
    if error == 0:
        return f"Nothing to learn: the network is as good as certain of {title}, so every gradient is zero."
    return (
        f"{percent(probability)} for {title} leaves an error of {three_digits(error)}; on its way back to the pixels "
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
