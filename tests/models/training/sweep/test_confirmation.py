"""The best of a sweep, tried again."""

from __future__ import annotations

import dataclasses

import pytest

from models.runtime.errors import UserError
from models.training import runs
from models.training.effect import corrected_interval
from models.training.runs.status import Status
from models.training.sweep import confirmation
from models.training.sweep.confirmation import BEST, DEFAULTS, RUNNER_UP


def finish(run, **scores):
    Status(state="finished", scores=scores).write(run.path)


@pytest.fixture
def swept(create_sweep):
    sweep = create_sweep()
    for number, (dropout, score) in enumerate([(0.2, 0.8), (0.5, 0.9)], start=1):
        config = dataclasses.replace(sweep.config, dropout=dropout, trial=number, parent=sweep.id)
        finish(runs.create(config, runs.trial_id(sweep.id, number)), best_top1=score)
    return sweep


def test_the_best_is_held_against_the_runner_up_and_the_defaults(swept):
    found = confirmation.contenders(swept)
    assert {name: config.dropout for name, config in found.items()} == {
        BEST: 0.5,
        DEFAULTS: 0.0,
        RUNNER_UP: 0.2,
    }
    configs = confirmation.cross_validations(swept, folds=3, seeds=2)
    assert len(configs) == 6
    # The trials had seed 1.
    assert {(config.folds, config.fold, config.trial, config.parent) for config in configs} == {(3, 0, 0, "")}
    assert {config.seed for config in configs} == {2, 3}


def test_settings_that_are_the_same_are_tried_once(create_sweep):
    sweep = create_sweep()
    config = dataclasses.replace(sweep.config, trial=1, parent=sweep.id)
    finish(runs.create(config, runs.trial_id(sweep.id, 1)), best_top1=0.9)
    assert list(confirmation.contenders(sweep)) == [BEST]
    assert confirmation.compare(sweep) == []


def test_before_a_trial_is_finished_there_is_nothing_to_try_again(create_sweep):
    with pytest.raises(UserError, match="is finished yet; wait for one"):
        confirmation.contenders(create_sweep())


def test_what_the_folds_say_is_paired_by_seed_and_fold(swept):
    shares = {0.5: 0.90, 0.2: 0.89, 0.0: 0.70}
    noise = [0.01, -0.01, 0.02, 0.0]
    for config in confirmation.cross_validations(swept, folds=2, seeds=2):
        parent = runs.create(config, origin=swept.id)
        for fold in (1, 2):
            place = 2 * (config.seed - 2) + fold - 1
            child = runs.create(
                dataclasses.replace(config, fold=fold, parent=parent.id), runs.fold_id(parent.id, fold)
            )
            # The runner-up differs from the best by what a fold adds to it.
            own = noise[place] if config.dropout == 0.2 else 0.0
            finish(child, test_top1=shares[config.dropout] + own, best_top1=0.5)
    found = {comparison.other: comparison for comparison in confirmation.compare(swept)}
    runner_up, defaults = found[RUNNER_UP], found[DEFAULTS]
    assert (runner_up.part, runner_up.folds, runner_up.seeds) == ("test", 2, 2)
    assert runner_up.best == pytest.approx(0.9)
    assert (runner_up.low, runner_up.high) == pytest.approx(
        corrected_interval([0.01 - own for own in noise], 1.0)
    )
    assert not runner_up.is_clear
    assert defaults.is_clear
    assert (defaults.low, defaults.high) == pytest.approx((0.2, 0.2))
