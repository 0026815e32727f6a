"""Shapley values of games whose answer is known, and of any game by all of its orders."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch

from dashboard.inspection.engine.coalitions import by_all_sets, by_orders


def game(count, seed):
    """What each set of so many parts is worth, drawn."""
    drawn = torch.from_numpy(np.random.default_rng(seed).normal(size=2**count))
    return lambda members: drawn[(members * 2 ** torch.arange(count)).sum(1)]


def by_definition(worth, count):
    """The mean of what each part adds over all orders."""
    added = np.zeros((0, count))
    for order in itertools.permutations(range(count)):
        members = torch.zeros(1, count, dtype=torch.bool)
        gains, before = np.zeros(count), float(worth(members))
        for part in order:
            members[0, part] = True
            gains[part] = float(worth(members)) - before
            before += gains[part]
        added = np.vstack([added, gains])
    return added.mean(0)


@pytest.mark.parametrize("count", [1, 2, 3, 6])
def test_all_sets_give_what_all_orders_give(count):
    worth = game(count, seed=count)
    np.testing.assert_allclose(by_all_sets(worth, count).numpy(), by_definition(worth, count), atol=1e-12)


def test_gloves_have_their_known_values():
    """Two left gloves and a right one, of which a pair is worth 1: the right one has two thirds."""
    values = by_all_sets(lambda sets: ((sets[:, 0] | sets[:, 1]) & sets[:, 2]).double(), 3)
    np.testing.assert_allclose(values.numpy(), [1 / 6, 1 / 6, 2 / 3], atol=1e-12)


def test_random_orders_add_up_and_their_errors_hold_the_exact_values():
    worth = game(7, seed=0)
    exact, sampled = by_all_sets(worth, 7), by_orders(worth, 7, 64, seed=0)
    assert float(sampled.values.sum()) == pytest.approx(float(exact.sum()), abs=1e-12)
    assert float(((sampled.values - exact).abs() / sampled.errors).max()) < 4
    torch.testing.assert_close((sampled.halves[0] + sampled.halves[1]) / 2, sampled.values)


def test_what_adds_up_needs_no_more_than_one_order():
    terms = torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64)
    sampled = by_orders(lambda sets: sets.double() @ terms, 3, 2, seed=0)
    torch.testing.assert_close(sampled.values, terms)
    assert float(sampled.errors.abs().max()) < 1e-12
