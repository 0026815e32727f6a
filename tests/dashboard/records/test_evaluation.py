"""Means over classes, from numbers that are known."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.records.evaluation import BINS, Answers, ClassScores, Evaluation, Rate, Reliability


@pytest.fixture
def evaluation() -> Evaluation:
    """Four pictures of two of three classes, three of them right."""
    answers = Answers(np.zeros((4, 3), np.float32), np.array([0, 0, 0, 1]), np.arange(4), 1.0)
    scores = ClassScores(
        precision=np.array([1.0, 0.5, np.nan]),
        recall=np.array([0.5, 1.0, np.nan]),
        f1=np.array([0.6, 0.8, 0.0]),
        support=np.array([3, 1, 0]),
        called=np.array([2, 2, 0]),
    )
    empty = np.zeros(BINS)
    return Evaluation(
        answers=answers,
        left_out=0,
        predicted=np.array([0, 0, 1, 1]),
        confidence=np.full(4, 0.5, np.float32),
        accuracy=Rate(3, 4, 0.3, 0.95),
        among_five=None,
        scores=scores,
        confusion=np.zeros((3, 3), np.int32),
        reliability=Reliability(empty, empty, empty, 0.1, 0.5),
        temperature=None,
    )


def test_shares_and_hits(evaluation):
    assert evaluation.accuracy.share == 0.75
    assert evaluation.right.tolist() == [True, True, False, True]
    assert evaluation.labels.tolist() == [0, 0, 0, 1]


def test_classes_without_pictures_are_left_out_of_means(evaluation):
    assert evaluation.balanced == pytest.approx(0.75)
    assert evaluation.macro_f1 == pytest.approx(0.7)


def test_memory_is_that_of_the_arrays(evaluation):
    answers = 4 * 3 * 4 + 2 * 4 * 8
    assert evaluation.answers.nbytes == answers
    assert evaluation.nbytes == answers + 4 * 8 + 4 * 4 + 9 * 4 + 5 * 3 * 8 + 3 * 15 * 8
