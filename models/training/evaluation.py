"""How good a network is on some pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from models.tensorboard.scalars import VALIDATION_LOSS, VALIDATION_TOP1
from models.training.group import Group
from models.training.pictures import Pictures

BATCH_SIZE = 256


@dataclass(frozen=True)
class Score:
    """Results on one part of the data.

    Attributes:
        loss: mean over the pictures.
        top1: part of the pictures whose highest logit is their class.
    """

    loss: float
    top1: float

    @property
    def metrics(self) -> dict[str, float]:
        """The results on validation pictures, by tag."""
        return {VALIDATION_LOSS: self.loss, VALIDATION_TOP1: self.top1}


def evaluate(
    network: nn.Module,
    pictures: Pictures,
    normalise: Callable[[Tensor], Tensor],
    criterion: Callable[[Tensor, Tensor], Tensor],
    *,
    group: Group,
    on_batch: Callable[[], None] = lambda: None,
) -> Score:
    """Loss and top-1, each process of the group on its part; leaves the network in eval mode.

    Args:
        network: on the group's device.
        pictures: at least one per process.
        normalise: uint8 pixels -> what the network reads.
        criterion: logits (N, classes) and targets (N,) -> mean loss.
        group: the processes that evaluate together.
        on_batch: called after every batch.
    """
    loss, correct, seen = 0.0, 0, 0
    network.eval()
    mine = torch.arange(len(pictures), device=group.device)[group.rank :: group.size]
    for indices in torch.split(mine, BATCH_SIZE):
        pixels, targets = pictures.take(indices)
        with torch.no_grad():
            logits = network(normalise(pixels)).float()
        loss += float(criterion(logits, targets)) * len(targets)
        correct += int((logits.argmax(1) == targets).sum())
        seen += len(targets)
        on_batch()
    loss, right, count = group.total(torch.tensor([loss, correct, seen], dtype=torch.float64)).tolist()
    return Score(loss / count, right / count)
