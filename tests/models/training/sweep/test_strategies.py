"""How the next trial is chosen."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from models.training.config import Config
from models.training.runs import Run
from models.training.sweep.axis import parse
from models.training.sweep.plan import Plan
from models.training.sweep.strategies import propose
from models.training.sweep.trials import FINISHED, GIVEN_UP, OPEN, Trial

AXES = (parse("learning_rate=1e-5..1:log"), parse("dropout=0..0.9"))
# The best of a function that is known: at a learning rate of 0.01 and a dropout of 0.3.
BEST = {"learning_rate": 0.01, "dropout": 0.3}


def score(values):
    return 1 - math.log10(values["learning_rate"] / 0.01) ** 2 / 16 - (values["dropout"] - 0.3) ** 2


def sweep(plan, count):
    past: list[Trial] = []
    for number in range(1, count + 1):
        values = propose(plan, number, past)
        past.append(Trial(Run(Path("sweep"), Config(), 0.0), number, values, FINISHED, score(values), {}))
    return past


def test_at_random_the_same_seed_gives_the_same_and_no_two_trials_are_equal():
    first, second = (sweep(Plan(AXES, seed=seed), 20) for seed in (1, 2))
    assert [t.values for t in first] == [t.values for t in sweep(Plan(AXES, seed=1), 20)]
    assert len({tuple(t.values.values()) for t in first + second}) == 40


def test_at_random_equal_ratios_are_as_likely():
    rates = [t.values["learning_rate"] for t in sweep(Plan(AXES, trials=1000), 400)]
    below = sum(rate < 10**-2.5 for rate in rates)
    assert 160 < below < 240


def test_a_grid_tries_every_combination_once():
    plan = Plan((parse("dropout=0,0.2,0.5"), parse("epochs=2..4")), strategy="grid", trials=9, seed=5)
    combinations = [tuple(t.values.items()) for t in [*sweep_without_score(plan, 9)]]
    assert len(set(combinations)) == 9
    assert combinations != sorted(combinations)


def test_one_at_a_time_leaves_the_others_at_their_first_value():
    plan = Plan((parse("dropout=0,0.2,0.5"), parse("epochs=2..3")), strategy="each", trials=9)
    assert plan.count == 4
    assert [tuple(trial.values.values()) for trial in sweep_without_score(plan, plan.count)] == [
        (0.0, 2),
        (0.2, 2),
        (0.5, 2),
        (0.0, 3),
    ]


def sweep_without_score(plan, count):
    return [
        Trial(Run(Path("sweep"), Config(), 0.0), number, propose(plan, number, []), OPEN, None, {})
        for number in range(1, count + 1)
    ]


@pytest.mark.slow
def test_a_known_best_is_found_and_sooner_than_at_random():
    found = {
        strategy: [
            max(trial.score for trial in sweep(Plan(AXES, strategy=strategy, seed=seed, trials=40), 40))
            for seed in range(3)
        ]
        for strategy in ("random", "tpe")
    }
    assert min(found["tpe"]) > 0.99
    assert min(found["random"]) > 0.95
    assert sum(found["tpe"]) > sum(found["random"])


@pytest.mark.slow
def test_what_is_known_is_not_asked_again_after_a_new_start():
    plan = Plan(AXES, strategy="tpe", seed=7, trials=30)
    past = sweep(plan, 12)
    values = {tuple(trial.values.values()) for trial in past}
    # Each proposal is made anew from the runs alone, as by a worker that has just been started.
    assert tuple(propose(plan, 13, past).values()) not in values
    assert propose(plan, 13, past) == propose(plan, 13, past)


@pytest.mark.slow
def test_trials_that_are_given_up_or_open_are_told_too():
    plan = Plan(AXES, strategy="tpe", seed=7, trials=30)
    past = sweep(plan, 11)
    run = past[0].run
    past.append(Trial(run, 12, {"learning_rate": 0.5, "dropout": 0.9}, GIVEN_UP, None, {1: 0.2}))
    past.append(Trial(run, 13, {"learning_rate": 0.01, "dropout": 0.3}, OPEN, None, {}))
    values = propose(plan, 14, past)
    assert 1e-5 <= float(values["learning_rate"]) <= 1
    assert 0 <= float(values["dropout"]) <= 0.9
