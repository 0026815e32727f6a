"""What a change did: the intervals of the books, and which runs are laid beside each other."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from models.training import runs
from models.training.effect import (
    Effect,
    corrected_interval,
    difference_interval,
    effect,
    paired_interval,
    repetitions,
    same_examples_interval,
)
from models.training.formats.pictures import PictureFormat
from models.training.runs import status as states
from models.training.runs.facts import Facts
from models.training.runs.status import Status
from tests.models.training.conftest import SMALL

FACTS = Facts(
    "Digits",
    "mnist-10k",
    ("0", "1"),
    PictureFormat((28, 28), (0.1,), (0.3,)),
    {"validation": 100, "test": 2000},
)


def trained(test=None, best=0.5, state=states.FINISHED, facts=FACTS, **changes):
    """A run's folder as if it had been trained."""
    run = runs.create(dataclasses.replace(SMALL, **changes))
    scores = {"best_top1": best} | ({} if test is None else {"test_top1": test})
    Status(state=state, scores=scores).write(run.path)
    facts.write(run.path)
    return run


@pytest.mark.parametrize(
    ("after", "before", "count", "interval"),
    # Computed by hand from Wilson's intervals; the first is Newcombe's own example (h).
    [(1.0, 0.0, 10, (0.6075, 1.0)), (0.9, 0.3, 10, (0.1705, 0.8090)), (0.0, 0.0, 10, (-0.2775, 0.2775))],
)
def test_the_interval_of_a_difference_is_newcombes(after, before, count, interval):
    assert difference_interval(before, after, count) == pytest.approx(interval, abs=5e-5)


def test_the_interval_of_paired_differences_is_students():
    # mean 2, standard deviation 1, t(2 degrees, 97.5 %) = 4.3027
    assert paired_interval([1.0, 2.0, 3.0]) == pytest.approx(
        (2 - 4.3027 / 3**0.5, 2 + 4.3027 / 3**0.5), abs=1e-4
    )


def test_two_runs_are_compared_on_their_test_pictures():
    before, after = trained(test=0.861), trained(test=0.870, dropout=0.3)
    measured = effect(before, after, [before, after])
    low, high = difference_interval(0.861, 0.870, 2000)
    assert measured == Effect("test", 2000, 0.861, 0.870, low=low, high=high, seeds=1)
    assert not measured.is_clear
    assert dataclasses.replace(measured, low=0.001).is_clear


def test_without_test_pictures_it_is_the_validation_pictures():
    facts = dataclasses.replace(FACTS, counts={"validation": 100})
    measured = effect(trained(facts=facts, best=0.8), trained(facts=facts, best=0.9, dropout=0.3), [])
    assert measured is not None
    assert (measured.part, measured.pictures, measured.before, measured.after) == (
        "validation",
        100,
        0.8,
        0.9,
    )


def test_seeds_that_both_sides_have_are_pairs():
    before, after = trained(test=0.80), trained(test=0.82, dropout=0.3)
    others = [
        trained(test=0.81, seed=2),
        trained(test=0.84, seed=2, dropout=0.3, threads=2),
        trained(test=0.99, seed=3),
        trained(test=0.10, seed=2, dropout=0.3, epochs=4),
    ]
    assert set(repetitions(after, others)) == {1, 2}
    measured = effect(before, after, others)
    assert measured is not None and measured.seeds == 2
    assert (measured.before, measured.after) == pytest.approx((0.805, 0.83))
    assert (measured.low, measured.high) == pytest.approx(paired_interval([0.02, 0.03]))


@pytest.mark.parametrize(
    "other",
    [
        {"state": states.RUNNING},
        {"facts": dataclasses.replace(FACTS, counts={"validation": 99, "test": 1999})},
        {"dataset": "fashion-mnist-10k"},
    ],
)
def test_what_is_not_finished_or_saw_other_pictures_is_not_compared(other):
    assert effect(trained(test=0.8), trained(test=0.9, dropout=0.3, **other), []) is None


def test_without_overlap_the_interval_over_folds_is_students():
    differences = [0.01, 0.03, -0.02, 0.02]
    assert corrected_interval(differences, 0.0) == pytest.approx(paired_interval(differences))
    low, high = corrected_interval(differences, 0.25)
    before = paired_interval(differences)
    assert high - low == pytest.approx((before[1] - before[0]) * 2**0.5)


def test_intervals_over_folds_cover_the_truth_as_often_as_they_say():
    """10,000 comparisons whose folds share what two folds of ten have in common."""
    draws, count, ratio = np.random.default_rng(0), 10, 1 / 9
    shared = ratio / (1 + ratio)
    differences = np.sqrt(shared) * draws.normal(size=(10_000, 1)) + np.sqrt(1 - shared) * draws.normal(
        size=(10_000, count)
    )
    mean, spread = differences.mean(1), differences.std(1, ddof=1)
    # The margin for a spread of 1, from the function itself.
    unit = np.array([-1.0, 1.0] * (count // 2))
    low, high = corrected_interval((unit / unit.std(ddof=1)).tolist(), ratio)
    margin = (high - low) / 2
    assert 0.94 < (np.abs(mean) <= margin * spread).mean() < 0.96
    # As if the folds were independent, it would not.
    naive = (np.abs(mean) <= margin / np.sqrt(1 / count + ratio) / np.sqrt(count) * spread).mean()
    assert naive < 0.9


@pytest.mark.parametrize(
    ("both", "before", "after", "neither", "interval"),
    # The worked examples of Newcombe's table of paired methods, method 10: 36, 12, 2, 0 of 50, and no disagreement.
    [(36, 12, 2, 0, (0.0569, 0.3404)), (50, 0, 0, 0, (-0.0713, 0.0713)), (0, 50, 0, 0, (0.8992, 1.0))],
)
def test_the_interval_of_pairs_is_newcombes(both, before, after, neither, interval):
    one = np.repeat([True, True, False, False], [both, before, after, neither])
    other = np.repeat([True, False, True, False], [both, before, after, neither])
    assert same_examples_interval(other, one) == pytest.approx(interval, abs=2e-3)


def test_of_networks_that_agree_the_interval_is_narrower_and_holds_the_truth():
    """Of 4,000 test sets of 150 examples, how many intervals hold the true difference of 0.03."""
    draws, held, widths = np.random.default_rng(0), 0, []
    for _ in range(4000):
        hard = draws.random(150)
        one, other = hard < 0.90, np.where(draws.random(150) < 0.05, draws.random(150) < 0.36, hard < 0.90)
        low, high = same_examples_interval(one, other)
        truth = 0.05 * (0.36 - 0.90)
        held += low <= truth <= high
        widths.append(high - low)
    assert 0.93 <= held / 4000 <= 0.995
    plain = difference_interval(0.9, 0.9 - 0.027, 150)
    assert np.mean(widths) < 0.75 * (plain[1] - plain[0])
