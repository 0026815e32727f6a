"""How good a network is on some examples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from models.tensorboard.scalars import VALIDATION_LOSS, VALIDATION_TOP1
from models.training.examples import Examples
from models.training.group import Group
from models.training.objective import Objective

BATCH_SIZE = 256


@dataclass(frozen=True)
class Score:
    """Results on one part of the data.

    Attributes:
        loss: mean over the examples.
        top1: part of the examples whose highest logit is their class.
    """

    loss: float
    top1: float

    @property
    def metrics(self) -> dict[str, float]:
        """The results on the validation part, by tag."""
        return {VALIDATION_LOSS: self.loss, VALIDATION_TOP1: self.top1}


def evaluate(
    network: nn.Module,
    examples: Examples,
    prepare: Callable[[Tensor], Tensor],
    objective: Objective,
    *,
    group: Group,
    smoothing: float = 0.0,
    on_batch: Callable[[], None] = lambda: None,
) -> Score:
    """Loss and top-1, each process of the group on its part; leaves the network in eval mode.

    Args:
        network: on the group's device.
        examples: at least one per process.
        prepare: what is taken of them -> what the network reads.
        objective: tells loss and score.
        group: the processes that evaluate together.
        smoothing: of labels, in the loss.
        on_batch: called after every batch.
    """
    loss, correct, seen, criterion = 0.0, 0, 0, objective.criterion(smoothing)
    network.eval()
    mine = torch.arange(len(examples), device=group.device)[group.rank :: group.size]
    for indices in torch.split(mine, BATCH_SIZE):
        inputs, targets = examples.take(indices)
        with torch.no_grad():
            outputs = network(prepare(inputs)).float()
        loss += float(criterion(outputs, targets)) * len(targets)
        correct += int(objective.hits(outputs, targets).sum())
        seen += len(targets)
        on_batch()
    loss, right, count = group.total(torch.tensor([loss, correct, seen], dtype=torch.float64)).tolist()
    return Score(loss / count, right / count)
