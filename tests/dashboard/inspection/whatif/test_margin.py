"""How far an answer is from another one, on logits that are typed in."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch
from torch import nn

from dashboard.inspection.whatif.margin import Decision, Margin, decide, refusal
from dashboard.records.pictures import Prediction
from models.contract import LOGITS

ROW = torch.tensor([[1.0, 4.0, 2.5], [3.0, -1.0, 3.5]])


@pytest.mark.parametrize(
    ("decision", "margins"),
    [
        (Decision(1), [1.5, -4.5]),
        (Decision(2, holds=False), [1.5, -0.5]),
        (Decision(1, alone=True), [4.0, -1.0]),
        (Decision(1, alone=True, yes=False), [-4.0, 1.0]),
    ],
)
def test_a_margin_is_below_0_once_the_change_has_come_about(decision, margins):
    assert Margin(nn.Identity(), decision).select(ROW).tolist() == margins


def prediction(*logits: float, reading: str = "one of several") -> Prediction:
    row = np.array(logits, np.float32)
    return Prediction(row, row, tuple("abc"[: len(row)]), reading)  # type: ignore[arg-type]


def test_what_changes_is_the_answer_or_the_attribute_that_is_looked_at():
    assert decide(prediction(0, 2, 1), 0) == Decision(1)
    assert decide(prediction(0, 2, 1), 0, aim=1) == Decision(1)
    assert decide(prediction(0, 2, 1), 0, aim=2) == Decision(2, holds=False)
    attributes = prediction(-1, 2, 1, reading="each by itself")
    assert decide(attributes, 0) == Decision(0, alone=True, yes=False)
    assert decide(attributes, 2) == Decision(2, alone=True)


def test_what_decides_nothing_is_refused_with_the_reason():
    three = dataclasses.replace(LOGITS, outputs=3)
    assert refusal(three) == ""
    assert "gives values" in refusal(dataclasses.replace(three, meaning="values"))
    assert "random" in refusal(dataclasses.replace(three, repeated=0.1))
    assert "one class only" in refusal(dataclasses.replace(three, outputs=1))
    assert refusal(dataclasses.replace(three, outputs=1, meaning="yes or no")) == ""
    assert refusal(dataclasses.replace(three, batched=0.1)) == ""
