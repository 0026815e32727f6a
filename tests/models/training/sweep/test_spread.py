"""What makes runs of the same settings differ."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy.stats import chi2

from models.training import runs
from models.training.config import Config
from models.training.runs.status import Status
from models.training.sweep import spread, trials
from models.training.sweep.plan import Plan
from models.training.sweep.strategies import propose


def test_each_source_is_drawn_alone_and_zero_which_is_the_seed_itself_never():
    plan = spread.plan(Config(seed=0))
    assert plan.count == 1 + 4 * 7
    tried = [propose(plan, number, []) for number in range(1, plan.count + 1)]
    assert tried[0] == dict.fromkeys(spread.CHANCES, 1)
    assert all(sum(value != 1 for value in values.values()) == 1 for values in tried[1:])
    assert spread.noisy(Config(fold=1, folds=5)).label_noise == spread.NOISE
    assert spread.noisy(Config(label_noise=0.3)).label_noise == 0.3


@pytest.fixture
def measure(create_sweep):
    """A function from what each draw of a source adds to the score, to what the sweep says."""

    def measured(effects):
        plan = spread.plan(Config())
        parent = create_sweep()
        for number in range(1, plan.count + 1):
            values = propose(plan, number, [])
            config = plan.apply_to(
                dataclasses.replace(parent.config, trial=number, parent=parent.id, label_noise=0.02), values
            )
            run = runs.create(config, runs.trial_id(parent.id, number))
            score = 0.8 + sum(effects.get(name, 0) * (value % 2) for name, value in values.items())
            Status(state="finished", scores={"test_top1": score}).write(run.path)
        return spread.spread(plan, trials.read_all(parent, plan))

    return measured


def test_a_source_that_does_most_is_told_from_the_others(measure):
    found = measure({"weights_seed": 0.05, "order_seed": 0.005})
    assert (found.part, found.noise, found.like) == ("test", 0.02, ())
    first, second, *rest = found.sources
    assert (first.name, second.name) == ("first weights", "order of the pictures")
    # Four draws of each kind.
    deviation = np.std([0.05, 0.0] * 4, ddof=1)
    assert first.deviation == pytest.approx(deviation)
    assert (first.low, first.high) == pytest.approx(
        [deviation * np.sqrt(7 / chi2.ppf(end, 7)) for end in (0.975, 0.025)]
    )
    assert first.share == pytest.approx(100 / 101)
    assert first.share_low < first.share < first.share_high <= 1
    assert [source.deviation for source in rest] == pytest.approx([0, 0], abs=1e-12)


def test_sources_that_do_as_much_cannot_be_told_apart():
    found = spread._measure("validation", {name: [0.8, 0.9, 0.8, 0.9] for name in spread.CHANCES}, 0.02)
    assert len(found.like) == 3
    assert all(source.share_low < 0.25 < source.share_high for source in found.sources)


def test_where_nothing_differs_nothing_is_told_apart():
    found = spread._measure("test", {name: [0.8] * 8 for name in spread.CHANCES}, 0.02)
    assert [source.deviation for source in found.sources] == [0] * 4
    assert {(source.share_low, source.share_high) for source in found.sources} == {(0, 1)}


def test_a_sweep_over_something_else_says_nothing_of_chance(create_sweep):
    assert spread.spread(Plan(spread.plan(Config()).axes[:1], strategy="each"), []) is None
    assert spread.spread(spread.plan(Config()), []) is None


def test_intervals_cover_the_truth_as_often_as_they_say(monkeypatch):
    """10,000 sweeps of normal scores: a deviation's interval in 95 of 100, and none is told apart that is not."""
    draws = np.random.default_rng(0)
    scores = draws.normal(size=(10_000, 4, spread.DRAWS))
    variances = scores.var(2, ddof=1)
    free = spread.DRAWS - 1
    covered = (variances[:, 0] * free / chi2.ppf(0.975, free) <= 1) & (
        variances[:, 0] * free / chi2.ppf(0.025, free) >= 1
    )
    assert 0.94 < covered.mean() < 0.96
    # Shares are not looked at.
    monkeypatch.setattr(spread, "SIMULATED", 10)
    told = [
        len(spread._measure("test", dict(zip(spread.CHANCES, sweep.tolist(), strict=True)), 0.0).like) < 3
        for sweep in scores[:100]
    ]
    assert np.mean(told) < 0.1
