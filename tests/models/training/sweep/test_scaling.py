"""What more training pictures or another width would bring."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from models.training import runs
from models.training.config import Config
from models.training.formats.pictures import PictureFormat
from models.training.runs.facts import Facts
from models.training.runs.status import Status
from models.training.sweep import scaling, trials
from models.training.sweep.scaling import DATA, WIDTH


def test_each_size_is_half_of_the_next_and_is_tried_with_three_seeds():
    plan = scaling.plan(Config(seed=4), DATA, 1000)
    assert plan is not None
    sizes, seeds = plan.axes
    assert (sizes.choices, seeds.choices) == ((62, 125, 250, 500, 1000), (4, 5, 6))
    assert (plan.count, plan.halving) == (15, 0)
    assert scaling.plan(Config(), DATA, 100) is None


@pytest.fixture
def curve(create_sweep):
    """A function that makes the curve of a sweep whose trials have these errors."""

    def measure(error, part="test_top1", axis=DATA, own=""):
        plan = scaling.plan(Config(), axis, 1600)
        assert plan is not None
        parent = runs.create(create_sweep().config, own, sweep=plan.to_json())
        for number, (size, seed) in enumerate(
            ((size, seed) for size in plan.axes[0].choices for seed in plan.axes[1].choices), start=1
        ):
            own_config = dataclasses.replace(parent.config, trial=number, parent=parent.id)
            config = plan.apply_to(own_config, {axis: size, "seed": seed})
            run = runs.create(config, runs.trial_id(parent.id, number))
            Facts(
                "Digits",
                "",
                ("0", "1"),
                PictureFormat((28, 28), (0.1,), (0.3,)),
                {"test": 1000, "validation": 500},
            ).write(run.path)
            Status(state="finished", scores={part: 1 - error(size, seed)}).write(run.path)
        return scaling.scaling_curve(plan, trials.read_all(parent, plan))

    return measure


def test_a_power_law_is_found_and_told_up_to_twice_as_many(curve):
    found = curve(lambda size, seed: 5 * size**-0.5)
    assert (found.part, len(found.errors)) == ("test", 15)
    for change, factor in ((found.half, 0.5), (found.double, 2)):
        assert (change.ratio, change.low, change.high) == pytest.approx((factor**-0.5,) * 3)
    assert (found.places[0], found.places[-1]) == pytest.approx((100, 3200))
    np.testing.assert_allclose(found.law, 5 * found.places**-0.5)
    assert found.double.helps
    assert found.half.harms


def test_the_band_is_that_of_a_line_in_logarithms(curve):
    found = curve(lambda size, seed: 5 * size**-0.5 * (1.2, 1.0, 0.9)[seed])
    from scipy.stats import linregress, t

    line = linregress(np.log(found.sizes), np.log(found.errors))
    margin = t.ppf(0.975, 13) * line.stderr
    assert (found.double.low, found.double.high) == pytest.approx(
        (2 ** (line.slope - margin), 2 ** (line.slope + margin))
    )
    assert found.low[-1] < found.law[-1] < found.high[-1]


def test_where_errors_do_not_fall_no_help_is_promised(curve):
    assert not curve(lambda size, seed: (0.1, 0.2, 0.3)[seed], part="best_top1").double.helps


def test_no_error_at_all_counts_as_half_a_picture(curve):
    assert curve(lambda size, seed: 0.0).errors == pytest.approx(0.0005)


def test_a_sweep_over_something_else_has_no_such_curve(create_sweep):
    from models.training.sweep import plan as plans

    sweep = create_sweep()
    assert scaling.scaling_curve(plans.read(sweep.path), []) is None
    whole = scaling.plan(Config(), DATA, 1600)
    assert whole is not None
    assert scaling.scaling_curve(whole, []) is None


def test_each_width_is_half_of_the_next_and_none_is_narrower_than_there_is():
    plan = scaling.plan(Config(width=2), WIDTH, 10)
    assert plan is not None
    assert plan.axes[0].choices == (0.125, 0.25, 0.5, 1, 2)
    assert scaling.plan(Config(width=0.1), WIDTH, 10_000) is None


def test_a_network_that_is_too_large_for_its_data_is_told_from_one_that_is_not(curve):
    # Least errors at a width of a quarter.
    large = curve(lambda width, seed: 0.1 * np.exp(0.1 * np.log(4 * width) ** 2), axis=WIDTH, own="large")
    assert large.half.ratio == pytest.approx(np.exp(0.1 * (np.log(2) ** 2 - np.log(4) ** 2)))
    assert large.half.helps
    assert large.double.harms
    small = curve(lambda width, seed: 0.1 * width**-0.5, axis=WIDTH, own="small")
    assert small.half.harms
    assert small.double.helps


def test_what_the_other_sweep_of_a_run_says_stands_beside(curve):
    width = curve(lambda width, seed: 0.1 * width**-0.5, axis=WIDTH, own="width")
    assert [own.axis for own in scaling.curves(runs.find("width"))] == [WIDTH]
    curve(lambda size, seed: 5 * size**-0.5, own="data")
    both = scaling.curves(runs.find("width"))
    assert [own.axis for own in both] == [WIDTH, DATA]
    assert both[0].runs == width.runs


def test_bands_cover_the_law_as_often_as_they_say():
    """10,000 sweeps whose errors scatter about a law: its value at twice the largest size lies in 95 % of the bands."""
    draws = np.random.default_rng(0)
    sizes = np.repeat([100.0, 200, 400, 800, 1600], 3)
    truth = 2**-0.5
    # The margin scales with the scatter, so one sweep of a known scatter tells that of all.
    noise = draws.normal(size=(10_000, len(sizes)))
    logs = np.log(sizes) - np.log(sizes).mean()
    slopes = noise @ logs / (logs @ logs)
    rest = noise - noise.mean(1, keepdims=True) - slopes[:, None] * logs
    scatter = np.sqrt((rest**2).sum(1) / (len(sizes) - 2))
    one = scaling._fit(DATA, "test", sizes, sizes**-0.5 * np.exp(0.1 * noise[0]), ())
    margin = np.log(one.double.high / one.double.ratio) / (0.1 * scatter[0])
    assert np.log(one.double.ratio / truth) == pytest.approx(0.1 * slopes[0] * np.log(2))
    covered = (np.abs(slopes * np.log(2)) <= margin * scatter).mean()
    assert 0.94 < covered < 0.96
