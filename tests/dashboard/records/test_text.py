"""What records of texts say of themselves."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.records.attribution import Outcome
from dashboard.records.pictures import Prediction
from dashboard.records.text import (
    REDUNDANT,
    Redundancy,
    TextAttribution,
    TextChange,
    TextFeatures,
    TurningWords,
)

HAM, SPAM = (
    Prediction(np.array(logits), np.array(logits), ("ham", "spam")) for logits in ((1.0, 0.0), (0.0, 1.0))
)


def test_each_token_has_the_value_of_its_part():
    record = TextAttribution(
        "ablation", ((0, 2), (2, 3)), np.array([0.5, -1.0]), True, Outcome("clean"), explained=1.0
    )
    assert record.by_token.tolist() == [0.5, 0.5, -1.0]
    assert record.ranking == [1, 0] and record.nbytes == 16


@pytest.mark.parametrize(
    ("alone", "noteworthy", "share", "redundant"),
    [
        (2.0, True, 1.0, False),
        (2 * REDUNDANT - 0.1, True, REDUNDANT - 0.05, True),
        (-2.5, True, -1.25, False),
        (2.0, False, None, False),
    ],
)
def test_redundant_is_what_changes_little_alone(alone, noteworthy, share, redundant):
    record = Redundancy(2.0, alone, 1.0, 0, noteworthy)
    assert record.share == pytest.approx(share) if share else record.share is None
    assert record.redundant is redundant


def test_an_answer_is_turned_where_another_class_wins():
    assert TextChange((0,), (), SPAM, HAM).turned and not TextChange((), (), SPAM, SPAM).turned
    assert TurningWords((0,), SPAM, HAM, True, 1, 0.0).turned
    assert not TurningWords((), SPAM, SPAM, True, 1, 0.0).turned


def test_answers_are_the_largest_scores():
    features = TextFeatures(np.zeros((2, 3)), np.array([[0.0, 1.0], [2.0, 1.0]]), np.array([1, 1]), 0.0)
    assert features.answers.tolist() == [1, 0]
