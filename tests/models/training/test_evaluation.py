"""Loss and top-1 over all pictures, whatever the batches and however many processes share them."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from models.training import evaluation
from models.training.evaluation import Score, evaluate
from models.training.group import Group
from models.training.objective import CLASSES
from models.training.pictures import InMemory

CPU = torch.device("cpu")
# Channels are the logits: picture k has its highest value at channel k % 3.
PIXELS = torch.zeros(10, 3, 1, 1, dtype=torch.uint8)
PIXELS[torch.arange(10), torch.arange(10) % 3] = 2
TARGETS = torch.tensor([0, 1, 2, 0, 1, 2, 0, 1, 0, 0])


@pytest.mark.parametrize("batch_size", [1, 4, 256])
def test_means_are_over_pictures(monkeypatch, batch_size):
    monkeypatch.setattr(evaluation, "BATCH_SIZE", batch_size)
    network, calls = nn.Sequential(nn.Flatten(), nn.Dropout(0.9)).train(), []
    score = evaluate(
        network,
        InMemory(PIXELS, TARGETS),
        torch.Tensor.float,
        CLASSES,
        group=Group(CPU),
        on_batch=lambda: calls.append(1),
    )
    right, wrong = -torch.tensor([2.0, 0, 0]).log_softmax(0)[0], -torch.tensor([2.0, 0, 0]).log_softmax(0)[1]
    assert score.top1 == pytest.approx(0.9)
    assert score.loss == pytest.approx(float(0.9 * right + 0.1 * wrong))
    assert not network.training
    assert len(calls) == -(-10 // batch_size)


def test_each_process_takes_its_part():
    group = Group(CPU)
    group.rank, group.size = 1, 2
    totals: list[list[float]] = []
    group.total = lambda numbers: totals.append(numbers.tolist()) or numbers  # type: ignore[method-assign,func-returns-value]
    evaluate(nn.Flatten(), InMemory(PIXELS, TARGETS), torch.Tensor.float, CLASSES, group=group)
    # Pictures 1, 3, 5, 7, 9, all right.
    assert totals[0][1:] == [5, 5]


def test_scores_are_logged_as_of_validation():
    assert Score(loss=0.5, top1=0.75).metrics == {"loss/validation": 0.5, "top1/validation": 0.75}
