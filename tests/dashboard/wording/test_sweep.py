"""Sentences about a sweep."""

from __future__ import annotations

import dataclasses

from dashboard.wording import sweep
from tests.dashboard.charts.test_sweep import TRIED


def test_the_best_comes_first_with_its_settings():
    assert sweep.headline("Sweep", TRIED, active=True) == (
        "Sweep: the best of 4 of 8 trials gets 90 % of the validation pictures right, with learning rate 0.01 and "
        "network MLP."
    )


def test_a_sweep_that_has_nothing_yet_says_so():
    none = dataclasses.replace(TRIED, trials=(), best=None)
    assert sweep.headline("Sweep", none, active=True) == "Sweep: 0 of 8 trials, none is finished yet."


def test_a_whole_sweep_counts_its_trials_once():
    whole = dataclasses.replace(TRIED, trials=TRIED.trials[:4], count=4)
    assert "the best of 4 trials gets" in sweep.headline("Sweep", whole, active=False)


def test_how_trials_ended_is_said_where_not_all_are_finished():
    assert sweep.ended(TRIED) == "Of the trials 1 was given up early, as others did better at the same epoch."
    assert sweep.ended(dataclasses.replace(TRIED, trials=TRIED.trials[:1])) == ""
