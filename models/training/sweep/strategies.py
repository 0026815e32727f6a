"""How the settings of the next trial are chosen; the same plan, number and past give the same."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from models.runtime.errors import UserError
from models.training.setting import Value
from models.training.sweep.axis import Axis
from models.training.sweep.plan import EACH, GRID, RANDOM, TPE, Plan
from models.training.sweep.trials import FAILED, FINISHED, GIVEN_UP, OPEN, Trial

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution

Values = dict[str, Value]


def propose(plan: Plan, number: int, past: Sequence[Trial]) -> Values:
    """The settings of a trial.

    Args:
        plan: of the sweep.
        number: of the trial, from 1.
        past: the trials before it, open ones too.

    Raises:
        UserError: if what the strategy needs is not installed.
    """
    return _PROPOSE[plan.strategy](plan, number, past)


def _at_random(plan: Plan, number: int, past: Sequence[Trial]) -> Values:
    """Independent of all before; two that are equal are as useful as any (Bergstra and Bengio, JMLR 2012)."""
    places = np.random.default_rng((plan.seed, number)).random(len(plan.axes))
    return {axis.name: axis.at(float(place)) for axis, place in zip(plan.axes, places, strict=True)}


def _on_grid(plan: Plan, number: int, past: Sequence[Trial]) -> Values:
    """The combinations in an order of the seed, so that a sweep that ends early has not tried one corner only."""
    combinations = list(itertools.product(*(axis.grid() for axis in plan.axes)))
    place = np.random.default_rng(plan.seed).permutation(len(combinations))[number - 1]
    names = [axis.name for axis in plan.axes]
    return dict(zip(names, combinations[place], strict=True))


def _one_at_a_time(plan: Plan, number: int, past: Sequence[Trial]) -> Values:
    """First all first values, then each other value of each setting beside the first ones of the rest."""
    first = {axis.name: axis.grid()[0] for axis in plan.axes}
    others = [{axis.name: value} for axis in plan.axes for value in axis.grid()[1:]]
    return first | [{}, *others][number - 1]


def _near_what_went_well(plan: Plan, number: int, past: Sequence[Trial]) -> Values:
    """Tree-structured Parzen estimator (Bergstra et al., NeurIPS 2011), as optuna has it.

    The study lives as long as one question and is told all trials each time: nothing is kept beside the runs, no
    database, and a sweep that goes on never asks what it asked before, which a seeded study that is loaded again does
    (optuna 5).
    """
    try:
        import optuna
    except ImportError as error:
        raise UserError("TPE needs optuna: pip install vitrine[sweep], or choose random.") from error
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    seed = int(np.random.default_rng((plan.seed, number)).integers(2**31))
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=seed))
    distributions = {axis.name: _distribution(axis) for axis in plan.axes}
    state = {
        FINISHED: optuna.trial.TrialState.COMPLETE,
        GIVEN_UP: optuna.trial.TrialState.PRUNED,
        FAILED: optuna.trial.TrialState.FAIL,
        OPEN: optuna.trial.TrialState.RUNNING,
    }
    for trial in past:
        study.add_trial(
            optuna.trial.create_trial(
                state=state[trial.state],
                value=trial.score if trial.state == FINISHED else None,
                params=dict(trial.values),
                distributions=distributions,
                intermediate_values=dict(trial.rungs),
            )
        )
    asked = study.ask(distributions).params
    return {
        axis.name: asked[axis.name] if axis.choices else axis.tidy(float(asked[axis.name]))
        for axis in plan.axes
    }


def _distribution(axis: Axis) -> BaseDistribution:
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    if axis.choices:
        return CategoricalDistribution(axis.choices)
    if axis.is_whole:
        return IntDistribution(int(axis.low), int(axis.high), log=axis.log)
    return FloatDistribution(axis.low, axis.high, log=axis.log)


_PROPOSE: dict[str, Callable[[Plan, int, Sequence[Trial]], Values]] = {
    RANDOM: _at_random,
    GRID: _on_grid,
    EACH: _one_at_a_time,
    TPE: _near_what_went_well,
}
