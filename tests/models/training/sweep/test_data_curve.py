"""What more training pictures would bring."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from models.training import runs
from models.training.config import Config
from models.training.formats.pictures import PictureFormat
from models.training.runs.facts import Facts
from models.training.runs.status import Status
from models.training.sweep import data_curve, trials


def test_each_size_is_half_of_the_next_and_is_tried_with_three_seeds():
    plan = data_curve.plan(Config(seed=4), 1000)
    assert plan is not None
    sizes, seeds = plan.axes
    assert (sizes.choices, seeds.choices) == ((62, 125, 250, 500, 1000), (4, 5, 6))
    assert (plan.count, plan.halving) == (15, 0)
    assert data_curve.plan(Config(), 100) is None


@pytest.fixture
def curve(create_sweep):
    """A function that makes the curve of a sweep whose trials have these errors."""

    def measure(error, part="test_top1"):
        plan = data_curve.plan(Config(), 1600)
        assert plan is not None
        parent = create_sweep()
        for number, (size, seed) in enumerate(
            ((size, seed) for size in plan.axes[0].choices for seed in plan.axes[1].choices), start=1
        ):
            config = dataclasses.replace(
                parent.config, train_samples=size, seed=seed, trial=number, parent=parent.id
            )
            run = runs.create(config, runs.trial_id(parent.id, number))
            Facts(
                "Digits",
                "",
                ("0", "1"),
                PictureFormat((28, 28), (0.1,), (0.3,)),
                {"test": 1000, "validation": 500},
            ).write(run.path)
            Status(state="finished", scores={part: 1 - error(size, seed)}).write(run.path)
        return data_curve.data_curve(plan, trials.read_all(parent, plan))

    return measure


def test_a_power_law_is_found_and_told_up_to_twice_as_many(curve):
    found = curve(lambda size, seed: 5 * size**-0.5)
    assert (found.part, len(found.errors)) == ("test", 15)
    assert found.exponent == pytest.approx(0.5)
    assert (found.exponent_low, found.exponent_high) == pytest.approx((0.5, 0.5))
    assert (found.places[0], found.places[-1]) == pytest.approx((100, 3200))
    np.testing.assert_allclose(found.law, 5 * found.places**-0.5)
    assert found.helps


def test_the_band_is_that_of_a_line_in_logarithms(curve):
    found = curve(lambda size, seed: 5 * size**-0.5 * (1.2, 1.0, 0.9)[seed])
    from scipy.stats import linregress, t

    line = linregress(np.log(found.sizes), np.log(found.errors))
    margin = t.ppf(0.975, 13) * line.stderr
    assert (found.exponent_low, found.exponent_high) == pytest.approx(
        (-line.slope - margin, -line.slope + margin)
    )
    assert found.low[-1] < found.law[-1] < found.high[-1]


def test_where_errors_do_not_fall_no_help_is_promised(curve):
    assert not curve(lambda size, seed: (0.1, 0.2, 0.3)[seed], part="best_top1").helps


def test_no_error_at_all_counts_as_half_a_picture(curve):
    assert curve(lambda size, seed: 0.0).errors == pytest.approx(0.0005)


def test_a_sweep_over_something_else_has_no_such_curve(create_sweep):
    from models.training.sweep import plan as plans

    sweep = create_sweep()
    assert data_curve.data_curve(plans.read(sweep.path), []) is None
    whole = data_curve.plan(Config(), 1600)
    assert whole is not None
    assert data_curve.data_curve(whole, []) is None
