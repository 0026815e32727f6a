"""How much each setting of a sweep matters."""

from __future__ import annotations

import numpy as np
import pytest

from models.training.sweep.importance import FEWEST, importances


@pytest.fixture
def draws():
    return np.random.default_rng(5)


def test_the_setting_that_matters_is_told_from_the_one_that_does_not(draws):
    rates, dropouts = draws.random(40), draws.random(40)
    scores = 0.9 - 0.4 * rates + 0.01 * draws.standard_normal(40)
    first, second = importances({"dropout": dropouts, "rate": rates}, scores)
    assert (first.name, first.is_clear) == ("rate", True)
    # All of the spread is its, but for what a forest of 32 trials cannot follow.
    assert 0.7 < first.share < 1.2
    assert (second.name, second.is_clear) == ("dropout", False)
    assert second.low < 0.02
    assert second.share < 0.1


def test_names_matter_too(draws):
    models = draws.choice(["cnn", "mlp", "vit"], 30).tolist()
    scores = [
        {"cnn": 0.9, "mlp": 0.5, "vit": 0.7}[model] + 0.01 * draws.standard_normal() for model in models
    ]
    first, _ = importances({"seed": list(range(30)), "model": models}, scores)
    assert (first.name, first.is_clear) == ("model", True)


def test_too_few_trials_say_nothing(draws):
    assert importances({"dropout": [0.1, 0.9]}, [0.5, 0.9]) == []
    few = draws.random(FEWEST - 1)
    assert importances({"dropout": few}, few) == []


def test_where_all_are_equal_nothing_matters(draws):
    (only,) = importances({"dropout": draws.random(FEWEST)}, [0.5] * FEWEST)
    assert (only.share, only.is_clear) == (0, False)
