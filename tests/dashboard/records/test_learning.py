"""Since when an answer holds, and which classes lead."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.records.activations import ValueSpread
from dashboard.records.learning import Learning
from dashboard.records.network import LayerCall


def learning(logits: list[list[float]], maps: np.ndarray | None = None) -> Learning:
    steps = np.arange(len(logits))
    values = np.ones((len(logits), 2, 1, 1), np.float32) if maps is None else maps
    spreads = tuple(ValueSpread(0, 1, -1, 1, 0) for _ in logits)
    call = LayerCall("conv", "Conv2d", (2, 1, 1))
    return Learning(call, ("a", "b", "c"), steps, steps, values, spreads, np.array(logits, float), ())


@pytest.mark.parametrize(
    ("winners", "since"), [([0, 0, 0], 0), ([1, 0, 0], 1), ([0, 1, 0], 2), ([0, 0, 1], 2)]
)
def test_since_when_the_last_answer_holds(winners, since):
    assert learning(np.eye(3)[winners].tolist()).since() == since


def test_probabilities_are_the_softmax_of_each_step():
    shares = learning([[0.0, np.log(3), -np.inf], [1000, 1000, -1000]]).probabilities
    assert shares == pytest.approx(np.array([[0.25, 0.75, 0], [0.5, 0.5, 0]]))


def test_the_target_is_among_the_leading_classes():
    found = learning([[9.0, 0, -9], [0, 9, -9]])
    assert found.leading(2, target=2) == [0, 2]
    assert found.leading(3, target=2) == [0, 1, 2]


def test_strength_takes_what_is_no_number_for_nothing():
    maps = np.array([[[[1.0, -3]], [[np.nan, 2]]]])
    found = learning([[1.0, 0, 0]], maps)
    assert found.strength.tolist() == [2.0, 1.0] and found.spatial
    assert found.nbytes == 32 + 24 + 2 * 8
