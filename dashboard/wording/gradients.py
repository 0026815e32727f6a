"""What the backward pass of one picture says of learning, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.records.gradients import BackwardPass, LayerGradient
from dashboard.records.pictures import Prediction
from dashboard.wording.answer import figure
from dashboard.wording.numbers import short_title, three_digits
from models.meaning import Reading

# A gradient that has changed by more than this factor between the logits and the first layer is worth a warning.
LARGE_CHANGE = 1000.0
# From this probability on there is little to learn from a picture.
SURE = 0.9


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


def headline(title: str, backward: BackwardPass, prediction: Prediction, aim: str) -> str:
    """Whether there is anything to learn from a picture, and which layer that would change most.

    Args:
        title: of the network.
        backward: the pass.
        prediction: the network's answer.
        aim: what is taken for the truth.
    """
    name = short_title(title)
    if not backward.error.any():
        return (
            f"{name} has nothing to learn here: it is as good as certain of {aim}, so every gradient is zero."
        )
    now = figure(prediction, backward.target)
    changed = max(backward.layers, key=lambda layer: layer.ratio or 0.0, default=None)
    most = changed.call.name if changed is not None and changed.ratio else ""
    if prediction.probabilities is None:
        return f"To raise {aim} from {now}, {name} would change {most or 'nothing'} most, for its size."
    if prediction.strength(backward.target) >= SURE:
        step = f"; a step of training would change {most} most, and little" if most else ""
        return f"{name} has little to learn from this photo: it is {now} sure of {aim} already{step}."
    return f"To call this {aim}, {name} would change {most or 'nothing'} most, for its size; now it is {now} sure."


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
