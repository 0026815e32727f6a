"""The influence of a head: exact for ridge regression, and what leaving a picture out for real does elsewhere."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import torch
from scipy.linalg import cholesky
from scipy.special import softmax
from sklearn.linear_model import LogisticRegression

from dashboard.inspection.influence import head as heads
from dashboard.records.embedding import Features, Place
from dashboard.records.influence import FittedHead
from dashboard.records.network import LayerCall
from models.runtime.errors import UserError
from tests.networks import Linear, built, classifier

CLASSES, WIDTH, COUNT = 3, 4, 60
PLACE = Place(LayerCall("head", "Linear", (CLASSES,)), reads=True)


def features(values: np.ndarray, answers: np.ndarray) -> Features:
    every = np.arange(len(values))
    return Features(PLACE, values, every, answers, answers, 1, len(values), len(values), 0, 0.0)


@cache
def fitted() -> FittedHead:
    """Three clouds of pictures, some under a label of another."""
    generator = np.random.default_rng(0)
    labels = np.arange(COUNT) % CLASSES
    values = generator.normal(size=(COUNT, WIDTH)) + 2 * np.eye(CLASSES, WIDTH)[labels]
    weights = np.concatenate([np.eye(CLASSES, WIDTH), np.zeros((CLASSES, 1))], axis=1)
    answers = (heads.with_one(values) @ weights.T).argmax(1)
    return heads.fit_head(features(values, answers), labels, weights)


def test_leaving_out_of_ridge_regression_is_exact():
    generator = np.random.default_rng(1)
    rows, targets = generator.normal(size=(30, 5)), generator.normal(size=(30, 2))
    own, ridge = generator.normal(size=5), 0.3
    gram = rows.T @ rows + ridge * np.eye(5)
    weights = np.linalg.solve(gram, rows.T @ targets).T
    factor = cholesky(np.kron(np.eye(2), gram), lower=True)
    pushes = heads.leave_out(factor, rows, rows @ weights.T - targets, np.broadcast_to(np.eye(2), (30, 2, 2)))
    moved = heads.moved(factor, rows, pushes, own)
    for left in range(30):
        others = np.arange(30) != left
        without = np.linalg.solve(
            rows[others].T @ rows[others] + ridge * np.eye(5), rows[others].T @ targets[others]
        )
        assert moved[left] == pytest.approx(own @ without - weights @ own, abs=1e-6)


def test_the_head_is_fitted_to_the_minimum():
    head = fitted()
    peer = LogisticRegression(C=1 / head.ridge, fit_intercept=False, tol=1e-10, max_iter=10_000)
    peer.fit(head.features, head.labels)
    assert np.allclose(head.weights, peer.coef_, atol=1e-4)
    assert 0.5 < head.agreement <= 1 and head.ridge == pytest.approx(heads.RIDGE * COUNT)


def test_without_a_picture_it_is_fitted_to_the_minimum_of_the_others():
    head = fitted()
    weights = heads.refit_without(head, 7)
    others = np.arange(COUNT) != 7
    residuals = softmax(head.features[others] @ weights.T, axis=1) - np.eye(CLASSES)[head.labels[others]]
    assert np.abs(residuals.T @ head.features[others] + head.ridge * weights).max() < 1e-9


def test_what_is_computed_is_what_comes_out_without_a_picture():
    found = heads.influence(fitted(), np.array([1.0, 0.2, 0, 0]), 0)
    assert found.check.correlation > 0.95 and found.check.same_sign >= 0.95
    assert len(found.check.rows) == heads.CHECKED and len(found.pulls) == COUNT
    strongest = found.strongest(1)[0]
    assert found.without(strongest) < found.without()


def test_log_odds_are_of_a_class_against_all_others():
    odds = heads.log_odds(np.log([[0.5, 0.25, 0.25], [0.9, 0.05, 0.05]]), 0)
    assert odds == pytest.approx([0.0, np.log(9)])


def test_both_ends_are_checked_and_some_between():
    rows = heads.spread(np.arange(100.0)[::-1])
    assert len(set(rows.tolist())) == heads.CHECKED
    assert rows[:5].tolist() == [99, 98, 97, 96, 95] and rows[-5:].tolist() == [4, 3, 2, 1, 0]
    assert heads.spread(np.arange(3.0)).tolist() == [0, 1, 2]


def test_what_has_no_order_has_no_correlation():
    rows = np.arange(4)
    assert np.isnan(heads.compare(rows, np.zeros(4), np.arange(4.0)).correlation)
    turned = heads.compare(rows, np.array([1.0, 2, 3, -4]), np.array([-1.0, -2, -3, 4]))
    assert turned.correlation == -1 and turned.same_sign == 0


def test_weights_are_those_of_the_layer_with_the_bias_behind():
    of = classifier(built(Linear))
    weights = heads.head_weights(of, "head")
    layer = of.module.head
    assert isinstance(layer, torch.nn.Linear)
    assert np.allclose(weights[:, :-1], layer.weight) and np.allclose(weights[:, -1], layer.bias)


def test_what_is_no_head_or_too_large_is_refused():
    values, weights = np.eye(WIDTH), np.zeros((CLASSES, WIDTH + 1))
    with pytest.raises(UserError, match="not made by one linear layer"):
        heads.fit_head(features(values, np.full(WIDTH, 2)), np.zeros(WIDTH, np.int64), weights)
    with pytest.raises(UserError, match="6,000 numbers"):
        heads.fit_head(features(values, np.zeros(WIDTH)), np.zeros(WIDTH, np.int64), np.zeros((6, 1000)))
