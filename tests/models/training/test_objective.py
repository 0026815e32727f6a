"""Loss and score of classes."""

from __future__ import annotations

import math

import pytest
import torch

from models.training.objective import CLASSES

LOGITS = torch.tensor([[math.log(3), 0.0], [0.0, math.log(3)]])


def test_classes_are_right_or_wrong():
    assert CLASSES.hits(LOGITS, torch.tensor([0, 0])).tolist() == [True, False]
    loss = CLASSES.criterion(0.0)(LOGITS, torch.tensor([0, 0]))
    assert float(loss) == pytest.approx(-(math.log(3 / 4) + math.log(1 / 4)) / 2)


def test_smoothing_takes_from_the_class_what_it_gives_to_all():
    loss = CLASSES.criterion(0.2)(LOGITS[:1], torch.tensor([0]))
    assert float(loss) == pytest.approx(-0.9 * math.log(3 / 4) - 0.1 * math.log(1 / 4))
