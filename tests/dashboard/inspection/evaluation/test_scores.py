"""Accuracy, its interval and the numbers of each class, by hand and against scikit-learn."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, f1_score, top_k_accuracy_score

from dashboard.inspection.evaluation.measures import evaluate
from dashboard.inspection.evaluation.scores import (
    class_scores,
    confused_pairs,
    confusion,
    rate,
    top5_accuracy,
)
from dashboard.records.evaluation import Answers
from models.runtime.errors import UserError

Z = 1.959963984540054


def drawn(count: int = 400, classes: int = 12, seed: int = 0) -> Answers:
    """Answers that are right more often than not."""
    generator = np.random.default_rng(seed)
    labels = generator.integers(classes, size=count)
    logits = generator.normal(size=(count, classes)).astype(np.float32)
    logits[np.arange(count), labels] += 2
    return Answers(logits, labels, np.arange(count), seconds=1.0)


@pytest.mark.parametrize(("right", "count"), [(0, 1), (1, 1), (7, 10), (0, 50), (50, 50), (1988, 2000)])
def test_the_interval_is_wilsons(right, count):
    share = right / count
    middle = (share + Z**2 / (2 * count)) / (1 + Z**2 / count)
    half = Z / (1 + Z**2 / count) * math.sqrt(share * (1 - share) / count + Z**2 / (4 * count**2))
    found = rate(right, count)
    assert (found.low, found.high) == pytest.approx((max(middle - half, 0), min(middle + half, 1)), abs=1e-9)
    assert found.low <= found.share <= found.high + 1e-12


def test_every_number_of_a_class_by_brute_force():
    labels, predicted = np.array([0, 0, 0, 1, 1, 2]), np.array([0, 0, 1, 1, 3, 0])
    found = class_scores(labels, predicted, 5)
    np.testing.assert_allclose(found.precision, [2 / 3, 1 / 2, math.nan, 0, math.nan])
    np.testing.assert_allclose(found.recall, [2 / 3, 1 / 2, 0, math.nan, math.nan])
    np.testing.assert_allclose(found.f1, [2 / 3, 1 / 2, 0, 0, math.nan])
    assert found.support.tolist() == [3, 2, 1, 0, 0]
    assert found.called.tolist() == [3, 2, 0, 1, 0]
    assert confusion(labels, predicted, 5).tolist() == [
        [2, 1, 0, 0, 0],
        [0, 1, 0, 1, 0],
        [1, 0, 0, 0, 0],
        [0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0],
    ]


def test_what_is_confused_most_comes_first_and_hits_never():
    matrix = np.array([[90, 3, 0], [7, 80, 3], [0, 0, 99]])
    assert confused_pairs(matrix, 10) == [(1, 0), (0, 1), (1, 2)]
    assert confused_pairs(matrix, 1) == [(1, 0)]
    assert confused_pairs(np.eye(3, dtype=int), 5) == []
    assert matrix[0, 0] == 90


def test_the_whole_against_scikit_learn():
    given = drawn()
    found = evaluate(given)
    predicted = given.logits.argmax(1)
    assert found.accuracy.right == (predicted == given.labels).sum()
    assert found.balanced == pytest.approx(balanced_accuracy_score(given.labels, predicted))
    assert found.macro_f1 == pytest.approx(f1_score(given.labels, predicted, average="macro"))
    assert found.among_five == pytest.approx(top_k_accuracy_score(given.labels, given.logits, k=5))
    assert found.confusion.sum() == 400
    assert found.confusion.trace() == found.accuracy.right
    assert found.nbytes > given.nbytes


def test_five_of_few_classes_say_nothing():
    assert top5_accuracy(np.zeros((3, 10)), np.zeros(3, dtype=int)) is None
    assert top5_accuracy(np.eye(11)[:3], np.arange(3)) == 1


def test_answers_that_are_no_numbers_are_left_out_and_counted():
    given = drawn(100)
    given.logits[3, 5], given.logits[8, 0] = np.nan, np.inf
    found = evaluate(given)
    assert (found.left_out, found.accuracy.count, len(found.predicted)) == (2, 98, 98)
    assert not {3, 8} & set(found.answers.indices.tolist())
    with pytest.raises(UserError, match="Not one answer"):
        evaluate(Answers(np.full((4, 3), np.nan, np.float32), np.zeros(4, int), np.arange(4), 1.0))


def test_one_picture_is_enough():
    found = evaluate(drawn(1))
    assert found.accuracy.count == 1
    assert found.temperature is None
