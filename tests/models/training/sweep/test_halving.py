"""When a trial is given up."""

from __future__ import annotations

import itertools

from models.training.sweep.halving import falls_behind


def test_the_first_few_go_on():
    assert not falls_behind(0.1, [], 3)
    assert not falls_behind(0.1, [0.9], 3)
    assert falls_behind(0.1, [0.9, 0.8], 3)
    assert not falls_behind(0.95, [0.9, 0.8], 3)


def test_a_tie_goes_on():
    assert not falls_behind(0.9, [0.9, 0.9], 3)


def test_of_many_that_come_in_any_order_the_best_always_goes_on():
    scores = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
    for order in itertools.permutations(scores):
        going_on = [s for place, s in enumerate(order) if not falls_behind(s, order[:place], 3)]
        assert 0.6 in going_on


def test_once_enough_have_come_only_the_best_go_on():
    """From the best to the worst: the first three cannot be told to be bad yet, all others can."""
    scores = [number / 1000 for number in range(1000)][::-1]
    going_on = [score for place, score in enumerate(scores) if not falls_behind(score, scores[:place], 4)]
    assert going_on == scores[:3]
