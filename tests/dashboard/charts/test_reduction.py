"""Fewer points show the same curve: peaks, gaps, ends and order stay; smoothing is TensorBoard's."""

import time

import numpy as np
import pytest

from dashboard.charts.reduction import FEWEST, POINTS, reduce_points, smooth


def curve(rng, count, holes):
    """Random steps and values, some of them NaN or infinite, some equal."""
    values = rng.normal(size=count).round(int(rng.integers(0, 4)))
    values[rng.random(count) < holes] = np.nan
    values[rng.random(count) < holes / 2] = rng.choice([np.inf, -np.inf])
    return np.cumsum(rng.integers(0, 3, count)), values


@pytest.mark.parametrize("seed", range(60))
def test_the_least_and_the_greatest_of_each_bucket_and_every_broken_bucket_stay(seed):
    rng = np.random.default_rng(seed)
    points = int(rng.integers(FEWEST, 60))
    steps, values = curve(rng, int(rng.integers(points + 1, 3000)), holes=rng.choice([0, 0.01, 0.3]))
    places, kept = reduce_points(np.arange(values.size), values, points)
    assert places.size <= points
    assert (np.diff(places) > 0).all()
    assert places[0] == 0 and places[-1] == values.size - 1
    np.testing.assert_array_equal(kept, values[places])
    np.testing.assert_array_equal(reduce_points(steps, values, points)[0], steps[places])

    per_bucket = 3 if np.isnan(values[1:-1]).any() else 2
    width = -(-(values.size - 2) // ((points - 2) // per_bucket))
    for first in range(1, values.size - 1, width):
        end = min(first + width, values.size - 1)
        bucket, shown = values[first:end], kept[(places >= first) & (places < end)]
        assert np.isnan(bucket).any() == np.isnan(shown).any()
        if not np.isnan(bucket).all():
            assert np.nanmin(bucket) == np.nanmin(shown)
            assert np.nanmax(bucket) == np.nanmax(shown)


@pytest.mark.parametrize("count", [0, 1, 2, 3, POINTS])
def test_few_points_come_back_as_they_are(count):
    steps, values = np.arange(count), np.linspace(0, 1, count)
    places, kept = reduce_points(steps, values)
    np.testing.assert_array_equal(places, steps)
    np.testing.assert_array_equal(kept, values)


def test_one_peak_in_a_million_is_seen():
    values = np.zeros(1_000_000)
    values[123_457] = 9.0
    steps, kept = reduce_points(np.arange(values.size), values)
    assert steps.size <= 4000
    assert steps[kept == 9.0].tolist() == [123_457]


def test_a_range_comes_in_detail_with_its_ends():
    steps = np.arange(0, 1_000_000, 2)
    inside, values = reduce_points(steps, np.sin(steps), start=1001, end=3000)
    np.testing.assert_array_equal(inside, np.arange(1002, 3001, 2))
    np.testing.assert_array_equal(values, np.sin(inside))
    assert reduce_points(steps, np.sin(steps), start=10, end=5)[0].size == 0
    assert reduce_points(steps, np.sin(steps), end=8)[0].tolist() == [0, 2, 4, 6, 8]


def test_steps_that_go_back_stay_in_the_order_in_which_they_were_logged():
    steps = np.concatenate([np.arange(3000), np.arange(1000, 4000)])
    kept, _ = reduce_points(steps, np.sin(steps), 100)
    assert (np.diff(kept) < 0).sum() == 1
    assert reduce_points(steps, np.sin(steps), 100, start=1500, end=1501)[0].tolist() == [
        1500,
        1501,
        1500,
        1501,
    ]


def test_a_curve_of_nothing_but_gaps_is_one():
    _, values = reduce_points(np.arange(500), np.full(500, np.nan), 20)
    assert values.size <= 20 and np.isnan(values).all()


def test_what_is_handed_in_stays_as_it_is_and_may_be_read_only():
    steps, values = np.arange(9000), np.random.default_rng(0).normal(size=9000)
    before = values.copy()
    values.flags.writeable = False
    reduce_points(steps, values)
    smooth(values, 0.9)
    np.testing.assert_array_equal(values, before)


@pytest.mark.parametrize("points", [4, 0, -1])
def test_too_few_points_are_refused(points):
    with pytest.raises(ValueError, match="at least 5"):
        reduce_points(np.arange(9), np.arange(9.0), points)


def test_shapes_that_differ_are_refused():
    with pytest.raises(ValueError, match="same shapes"):
        reduce_points(np.arange(9), np.arange(8.0))


def slowly_smoothed(values, weight):
    """TensorBoard's loop (vz_line_chart2, resmoothDataset)."""
    if (values == values[:1]).all():
        return values
    last, count, result = 0.0, 0, []
    for value in values.tolist():
        if not np.isfinite(value):
            result.append(value)
            continue
        last = last * weight + (1 - weight) * value
        count += 1
        result.append(last / (1 - weight**count))
    return np.array(result)


@pytest.mark.parametrize("weight", [0, 0.1, 0.6, 0.9, 0.99, 0.999, 0.999999])
@pytest.mark.parametrize("holes", [0, 0.1])
@pytest.mark.parametrize("count", [1, 2, 3, 1000, 5001])
def test_smoothing_is_that_of_tensorboard(weight, holes, count):
    _, values = curve(np.random.default_rng(count), count, holes)
    np.testing.assert_allclose(smooth(values, weight), slowly_smoothed(values, weight), rtol=1e-9, atol=1e-12)


def test_smoothing_leaves_constant_empty_and_non_finite_curves():
    for values in (np.full(5, 0.1), np.array([]), np.array([np.nan, np.inf])):
        np.testing.assert_array_equal(smooth(values, 0.9), values)


@pytest.mark.parametrize("weight", [-0.1, 1, 2, float("nan")])
def test_a_weight_out_of_range_is_refused(weight):
    with pytest.raises(ValueError, match="smoothing weight"):
        smooth(np.arange(3.0), weight)


def test_a_million_points_are_reduced_and_smoothed_quickly():
    steps, values = np.arange(1_000_000), np.random.default_rng(0).normal(size=1_000_000)
    began = time.perf_counter()
    reduce_points(steps, smooth(values, 0.99))
    assert time.perf_counter() - began < 2  # about 0.1 on a quiet machine
