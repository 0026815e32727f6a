"""What a network is trained for: the loss that becomes small, and the score that a person reads beside it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor, nn


@dataclass(frozen=True)
class Objective:
    """What a network is trained for.

    Attributes:
        criterion: label smoothing in [0, 1) -> a function of outputs (N, O) and targets (N,) to their mean loss.
        hits: outputs (N, O) and targets (N,) -> for each what is averaged as its score, shape (N,).
    """

    criterion: Callable[[float], nn.Module]
    hits: Callable[[Tensor, Tensor], Tensor]


# One of several classes is right: cross-entropy, and the part whose highest logit is that class.
CLASSES = Objective(
    criterion=lambda smoothing: nn.CrossEntropyLoss(label_smoothing=smoothing),
    hits=lambda logits, targets: logits.argmax(1) == targets,
)


def among(count: int) -> Objective:
    """One of several classes is right, and it counts as told where it is among so many of the highest logits."""

    def hits(logits: Tensor, targets: Tensor) -> Tensor:
        first = logits.topk(min(count, logits.shape[1]), 1).indices
        return (first == targets[:, None]).any(1)

    return dataclasses.replace(CLASSES, hits=hits)
