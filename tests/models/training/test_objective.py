"""Loss and score of classes."""

from __future__ import annotations

import math

import pytest
import torch

from models.training.objective import CLASSES, among

LOGITS = torch.tensor([[math.log(3), 0.0], [0.0, math.log(3)]])


def test_classes_are_right_or_wrong():
    assert CLASSES.hits(LOGITS, torch.tensor([0, 0])).tolist() == [True, False]
    loss = CLASSES.criterion(0.0)(LOGITS, torch.tensor([0, 0]))
    assert float(loss) == pytest.approx(-(math.log(3 / 4) + math.log(1 / 4)) / 2)


def test_smoothing_takes_from_the_class_what_it_gives_to_all():
    loss = CLASSES.criterion(0.2)(LOGITS[:1], torch.tensor([0]))
    assert float(loss) == pytest.approx(-0.9 * math.log(3 / 4) - 0.1 * math.log(1 / 4))


def test_among_several_the_right_one_may_be_any_of_the_highest():
    logits = torch.tensor([[3.0, 2.0, 1.0]]).expand(3, -1)
    targets = torch.tensor([0, 1, 2])
    assert among(2).hits(logits, targets).tolist() == [True, True, False]
    assert among(1).hits(logits, targets).tolist() == CLASSES.hits(logits, targets).tolist()
    # Of fewer classes all are among them.
    assert among(10).hits(logits, targets).all()
    assert among(2).criterion is CLASSES.criterion
