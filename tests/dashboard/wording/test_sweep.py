"""Sentences about a sweep."""

from __future__ import annotations

import dataclasses

from dashboard.wording import sweep
from models.training.sweep.confirmation import DEFAULTS, RUNNER_UP, Comparison
from models.training.sweep.importance import Importance
from tests.dashboard.charts.test_sweep import TRIED


def test_the_best_comes_first_with_its_settings():
    assert sweep.headline("Sweep", TRIED, active=True) == (
        "The best of 4 of 8 trials gets 90 % of the validation pictures right, with learning rate 0.01 and "
        "network MLP."
    )


def test_a_sweep_that_has_nothing_yet_says_so():
    none = dataclasses.replace(TRIED, trials=(), best=None)
    assert sweep.headline("Sweep", none, active=True) == "Sweep: 0 of 8 trials, none is finished yet."


def test_a_whole_sweep_counts_its_trials_once():
    whole = dataclasses.replace(TRIED, trials=TRIED.trials[:4], count=4)
    assert "The best of 4 trials gets" in sweep.headline("Sweep", whole, active=False)


def test_how_trials_ended_is_said_where_not_all_are_finished():
    assert sweep.ended(TRIED) == "Of the trials 1 was given up early, as others did better at the same epoch."
    assert sweep.ended(dataclasses.replace(TRIED, trials=TRIED.trials[:1])) == ""


def test_what_trying_again_says():
    told = Comparison(DEFAULTS, "test", best=0.91, against=0.85, low=0.04, high=0.08, folds=5, seeds=2)
    assert sweep.compared(told) == (
        "Tried again over 5 folds and 2 seeds, the best is better than the settings that it began with: 91.0 % of the "
        "test pictures right instead of 85.0 % (+6.0 points, 95 % interval 4.0 to 8.0)."
    )
    untold = dataclasses.replace(told, other=RUNNER_UP, against=0.905, low=-0.01, high=0.02, seeds=1)
    assert sweep.compared(untold) == (
        "Tried again over 5 folds, the best cannot be told apart from the runner-up: +0.5 points of the test pictures "
        "(95 % interval -1.0 to 2.0)."
    )


def test_too_few_trials_say_how_many_are_missing():
    assert sweep.importance(TRIED, ()) == (
        "Which settings matter is said from 20 finished trials on; 17 are missing."
    )


def test_what_matters_has_its_interval_and_what_cannot_be_told_is_said_to_be_so():
    rate, dropout = Importance("Learning rate", 0.8, 0.63, 1.0), Importance("Dropout", 0.01, -0.1, 0.2)
    assert sweep.importance(TRIED, (rate, dropout)) == (
        "Over 3 finished trials learning rate accounts for 80 % of the spread of the scores (95 % interval 63 % to "
        "100 %); dropout cannot be told from having no influence. Left out are 1 that did not come to their end."
    )
    assert sweep.importance(dataclasses.replace(TRIED, trials=TRIED.trials[:1]), (dropout,)) == (
        "Over 1 finished trials dropout cannot be told from having no influence."
    )


def test_what_is_cheaper_and_as_good_is_named():
    costs = {1: (0.895, 2.0), 3: (0.9, 30.0), 4: (0.7, 1.0)}
    trials = tuple(
        dataclasses.replace(trial, score=costs[trial.number][0], seconds=costs[trial.number][1])
        for trial in TRIED.trials
        if trial.number in costs
    )
    tried = dataclasses.replace(TRIED, trials=trials)
    assert sweep.cheaper(tried, "seconds") == (
        "Trial 1 comes within a point of the best (90.0 %, 30.0 s): 89.5 %, 2.0 s."
    )
    alone = dataclasses.replace(tried, trials=trials[1:])
    assert sweep.cheaper(alone, "seconds") == (
        "No cheaper trial comes within a point of the best (90.0 %, 30.0 s)."
    )
