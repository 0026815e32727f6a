"""Flips by brute force, and McNemar's test by its closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dashboard.inspection.evaluation.comparison import FEW_FLIPS, flips, mcnemar
from dashboard.inspection.evaluation.measures import evaluate
from dashboard.records.evaluation import Answers, Evaluation


def evaluation(predicted: list[int], labels: list[int], indices: list[int] | None = None) -> Evaluation:
    logits = np.eye(4, dtype=np.float32)[predicted]
    return evaluate(Answers(logits, np.array(labels), np.array(indices or range(len(labels))), 1.0))


@pytest.mark.parametrize(("fixed", "broken"), [(1, 0), (3, 3), (0, 8), (12, 4), (20, 4)])
def test_few_flips_are_counted_exactly(fixed, broken):
    count, most = fixed + broken, max(fixed, broken)
    tail = sum(math.comb(count, k) for k in range(most, count + 1)) / 2**count
    assert mcnemar(fixed, broken) == pytest.approx(min(1, 2 * tail))


@pytest.mark.parametrize(("fixed", "broken"), [(31, 12), (12, 31), (100, 90), (25, 25), (400, 10)])
def test_many_follow_the_chi_square_distribution(fixed, broken):
    assert fixed + broken >= FEW_FLIPS
    statistic = max(abs(fixed - broken) - 1, 0) ** 2 / (fixed + broken)
    # Of one degree of freedom: the square of a normal variable.
    assert mcnemar(fixed, broken) == pytest.approx(math.erfc(math.sqrt(statistic / 2)))


def test_no_flip_tells_nothing():
    assert mcnemar(0, 0) is None


def test_flips_by_hand():
    labels = [0, 0, 1, 1, 2, 2]
    found = flips(evaluation([0, 1, 1, 0, 0, 2], labels), evaluation([0, 0, 2, 0, 1, 2], labels))
    assert (found.fixed.tolist(), found.broken.tolist(), found.changed.tolist()) == ([1], [2], [4])
    assert (found.both_right, found.both_wrong) == (2, 2)
    assert found.p == pytest.approx(1)
    assert found.exact


def test_pictures_that_one_could_not_answer_are_left_out():
    before = evaluation([0, 1, 2], [0, 0, 0], [3, 5, 9])
    after = evaluation([0, 0, 0], [0, 0, 0], [1, 5, 9])
    found = flips(before, after)
    assert found.pairs.tolist() == [[1, 1], [2, 2]]
    assert found.fixed.tolist() == [0, 1]


def test_a_network_against_itself_flips_nothing():
    one = evaluation([0, 1, 2, 3], [0, 1, 1, 1])
    found = flips(one, one)
    assert not len(found.fixed) + len(found.broken) + len(found.changed)
    assert found.p is None
