"""Shapley values: the terms of a sum, every order once, and their fit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dashboard.inspection.attribution.shapley import orders_and_reverses
from tests.dashboard.inspection.attribution.sums import check_terms, each_baseline
from tests.networks import ConvNet, built, classifier, explain, pixels


def test_values_and_their_fit_agree_where_parts_act_together():
    of = classifier(built(ConvNet))
    settings: dict[str, Any] = {"parts": "grid", "n_parts": 9, "baseline": "black"}
    fitted = explain("kernel_shap", of, pixels(), 1, n_perturbations=5000, **settings).values
    drawn = explain("shapley", of, pixels(), 1, n_permutations=400, **settings).values
    assert fitted is not None and drawn is not None
    assert np.abs(fitted - drawn).max() < 0.05 * np.abs(drawn).max()


@each_baseline
def test_each_part_of_a_sum_gets_its_term(start):
    found = check_terms("shapley", start)
    assert found.outcome.measures["agreement of halves"] > 0.99
    assert found.outcome.measures["completeness gap"] < 1e-3


@pytest.mark.parametrize("count", [4, 5])
def test_every_order_is_followed_by_its_reverse(count):
    orders = [list(order) for order in orders_and_reverses(6, count)]
    assert len(orders) == count
    assert all(sorted(order) == list(range(6)) for order in orders)
    assert orders[1] == orders[0][::-1] and orders[3] == orders[2][::-1]
