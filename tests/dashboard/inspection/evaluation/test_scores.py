"""Accuracy, its interval and the numbers of each class, by hand and against scikit-learn."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dashboard.inspection.evaluation.scores import (
    class_scores,
    confused_pairs,
    confusion,
    rate,
    top5_accuracy,
)

Z = 1.959963984540054


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


def test_five_of_few_classes_say_nothing():
    assert top5_accuracy(np.zeros((3, 10)), np.zeros(3, dtype=int)) is None
    assert top5_accuracy(np.eye(11)[:3], np.arange(3)) == 1
