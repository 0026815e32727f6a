"""Neighbours against brute force and scikit-learn."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from dashboard.inspection.embedding.nearest import METRICS, classify_by_neighbours, nearest_neighbours
from dashboard.records.embedding import UNKNOWN


def cloud(pictures: int = 400, width: int = 7, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(pictures, width)).astype(np.float32) + 2


def distance(one: np.ndarray, other: np.ndarray, metric: str) -> Any:
    """Number by number."""
    pairs = list(zip(one.tolist(), other.tolist(), strict=True))
    if metric == "euclid":
        return math.sqrt(sum((a - b) ** 2 for a, b in pairs))
    lengths = math.sqrt(sum(a * a for a, _ in pairs) * sum(b * b for _, b in pairs))
    return 1 - sum(a * b for a, b in pairs) / lengths


@pytest.mark.parametrize("metric", METRICS)
def test_the_nearest_by_brute_force(metric):
    values = cloud()
    one = cloud(1, seed=9)[0]
    found = nearest_neighbours(values, one, metric=METRICS[metric], count=10, among=np.ones(400, bool))
    expected = sorted((distance(one, row, metric), at) for at, row in enumerate(values))[:10]
    assert found.rows.tolist() == [at for _, at in expected]
    np.testing.assert_allclose(found.distances, [far for far, _ in expected], rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize("metric", METRICS)
def test_a_picture_is_not_its_own_neighbour_and_its_double_is_at_distance_zero(metric):
    values = np.vstack((cloud(20), cloud(20)[3:4]))
    found = nearest_neighbours(values, values[3], metric=METRICS[metric], count=3, among=np.arange(21) != 3)
    assert found.rows[0] == 20 and found.distances[0] == 0


def test_fewer_pictures_than_were_asked_for():
    found = nearest_neighbours(
        cloud(2), cloud(2)[0], metric=METRICS["euclid"], count=10, among=np.array([False, True])
    )
    assert found.rows.tolist() == [1]
    none = nearest_neighbours(
        cloud(2), cloud(2)[0], metric=METRICS["euclid"], count=10, among=np.zeros(2, bool)
    )
    assert not len(none.rows)


def test_a_picture_without_any_feature_has_no_angle():
    values = np.array([[0, 0], [1, 0], [0, 2]], np.float32)
    found = nearest_neighbours(values, values[1], metric=METRICS["cosine"], count=3, among=np.ones(3, bool))
    assert found.rows.tolist() == [1, 0, 2]
    assert found.distances.tolist() == [0, 1, 1]


@pytest.mark.parametrize("metric", METRICS)
def test_votes_by_brute_force(metric):
    values, kinds = cloud(300), np.random.default_rng(1).integers(0, 4, 300)
    groups = np.arange(300) // 2
    found = classify_by_neighbours(values, kinds, groups=groups, metric=METRICS[metric], count=10)
    for at, row in enumerate(values):
        order = sorted(
            (distance(row, other, metric), place)
            for place, other in enumerate(values)
            if groups[place] != groups[at]
        )[:10]
        near = [int(kinds[place]) for _, place in order]
        most = max(near.count(kind) for kind in near)
        assert found[at] == next(kind for kind in near if near.count(kind) == most), at


@pytest.mark.parametrize(("metric", "theirs"), [("euclid", "euclidean"), ("cosine", "cosine")])
def test_accuracy_as_scikit_learns(metric, theirs):
    from sklearn.model_selection import LeaveOneOut, cross_val_predict
    from sklearn.neighbors import KNeighborsClassifier

    values = cloud(120)
    kinds = (values[:, 0] + values[:, 1] > 4).astype(int)
    model = KNeighborsClassifier(5, metric=theirs, algorithm="brute")
    expected = cross_val_predict(model, values, kinds, cv=LeaveOneOut())
    found = classify_by_neighbours(values, kinds, groups=np.arange(120), metric=METRICS[metric], count=5)
    assert found.tolist() == expected.tolist()


def test_of_equally_many_the_nearest_counts():
    values = np.array([[0.0], [1], [2], [3], [4]])
    kinds = np.array([9, 1, 0, 0, 1])
    found = classify_by_neighbours(values, kinds, groups=np.arange(5), metric=METRICS["euclid"], count=4)
    assert found[0] == 1


def test_without_others_there_is_no_vote():
    found = classify_by_neighbours(
        cloud(3), np.array([0, 1, 1]), groups=np.zeros(3, int), metric=METRICS["euclid"], count=2
    )
    assert found.tolist() == [UNKNOWN] * 3


def test_constant_features_vote_without_a_warning():
    found = classify_by_neighbours(
        np.zeros((5, 3)), np.array([0, 1, 1, 1, 1]), groups=np.arange(5), metric=METRICS["cosine"], count=3
    )
    assert found[0] == 1
