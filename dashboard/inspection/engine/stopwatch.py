"""How long a pass takes, whether another gives the same, and the pictures both are tried on."""

from __future__ import annotations

import threading
import time
from typing import Literal

import torch
from torch import Tensor, nn

from models.classifier import Classifier, NetworkKey

ROUNDS = 2
# A smaller gain may be chance, and layers that do not know the layout lose it again.
GAIN = 1.1
# Another layout rounds otherwise, which turns units at the kink of a ReLU on or off. Logits hardly tell, a gradient
# does: ResNet-50 would gain 15 % and change a map of SmoothGrad by 1 % of its largest value.
GAIN_OF_GRADIENT = 1.3
# How far the logits, or the gradient, may be from the network's own, relative to the largest.
SAME = 1e-4
# One part in so many of each side is covered of a picture near another.
COVERED = 7

# What is asked of a network: that others read its layers on the way, a gradient at the picture, its answers alone, or
# those for pictures that differ from one picture in a small place.
Use = Literal["layers", "gradient", "answers", "near answers"]
Key = tuple[NetworkKey, tuple[int, ...]]
# What is measured at once measures each other too.
IN_TURNS = threading.Lock()


def needs_gradient(use: Use) -> bool:
    """Whether a gradient may be asked for."""
    return use in ("layers", "gradient")


def timing_key(classifier: Classifier, shape: tuple[int, ...]) -> Key:
    """What is measured once: a network, for inputs of that shape."""
    return classifier.key, tuple(shape)


def examples(inputs: Tensor, count: int, use: Use) -> Tensor:
    """Pictures to measure that use with, (count, C, H, W): near answers are asked with a square of each covered."""
    pictures = inputs.repeat(count, 1, 1, 1)
    if use == "near answers":
        sides = [max(1, side // COVERED) for side in inputs.shape[2:]]
        for number, picture in enumerate(pictures):
            # All the way down, and across in leaps, so that squares lie at all edges and between them.
            shares = number / max(1, count - 1), number * 3 % count / max(1, count - 1)
            top, left = (
                round(share * (whole - side))
                for share, whole, side in zip(shares, inputs.shape[2:], sides, strict=True)
            )
            picture[:, top : top + sides[0], left : left + sides[1]] += 1
    return pictures


def time_pass(network: nn.Module, inputs: Tensor, *, gradient: bool = False) -> float:
    """Of one pass, and of the way back where a gradient is asked for."""
    started = time.perf_counter()
    if gradient:
        first_gradient(network, inputs)
    else:
        with torch.no_grad():
            network(inputs)
    return time.perf_counter() - started


def has_gradient(network: nn.Module, inputs: Tensor) -> bool:
    """Whether its logits depend on the inputs in a way that can be followed back; those of a tree do not."""
    try:
        first_gradient(network, inputs)
    except RuntimeError:  # nothing requires it, or a step of the network does not allow it
        return False
    return True


def first_gradient(network: nn.Module, inputs: Tensor) -> Tensor:
    """Of the first logit at the inputs."""
    with torch.enable_grad():
        (gradient,) = torch.autograd.grad(network(inputs.requires_grad_())[:, 0].sum(), inputs)
    return gradient


def nearly_equal(values: Tensor, reference: Tensor, same: float = SAME) -> bool:
    """Whether they differ by rounding only: by that share of the largest."""
    # Not allclose, which raises where an answer is no number; that is the same as nothing here.
    return bool(((values - reference).abs() <= same * reference.abs().max()).all())


def is_faster(network: nn.Module, inputs: Tensor, other: nn.Module, others: Tensor, gradient: bool) -> bool:
    """Whether the other network is clearly faster on the other inputs; measured in turns."""
    rounds = [
        (time_pass(network, inputs, gradient=gradient), time_pass(other, others, gradient=gradient))
        for _ in range(ROUNDS)
    ]
    before = min(first for first, _ in rounds)
    after = min(second for _, second in rounds)
    return before > (GAIN_OF_GRADIENT if gradient else GAIN) * after
