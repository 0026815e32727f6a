"""Counts in bins, and the same counts in others."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.records.histogram import Histogram


@pytest.fixture
def spread() -> Histogram:
    """Ten numbers in [-2, -1], none up to 0, twenty in [0, 1], thirty in [1, 3]."""
    return Histogram(np.array([-2.0, 0.0, 1.0]), np.array([-1.0, 1.0, 3.0]), np.array([10, 20, 30]))


def test_counts_in_other_bins_take_a_bins_numbers_to_be_spread_evenly(spread):
    found = spread.rebin(np.array([-2, -1.5, -1, -0.5, 0.5, 1, 2, 3]))
    assert found == pytest.approx([5, 5, 0, 10, 10, 15, 15])


def test_what_lies_outside_is_left_out(spread):
    assert spread.rebin(np.array([0.0, 1.0])) == pytest.approx([20])
    assert spread.rebin(np.array([-100.0, 100.0])) == pytest.approx([60])


def test_sizes_fold_the_numbers_below_zero_over(spread):
    sizes = spread.sizes()
    assert sizes.rebin(np.array([0, 1, 2, 3])) == pytest.approx([20, 25, 15])
    assert sizes.total == 60


def test_sizes_of_real_numbers_are_those_that_numpy_counts():
    values = np.random.default_rng(0).normal(0.3, 1, 5000)
    counts, edges = np.histogram(values, 4000, (-5, 5))
    kept = counts > 0
    histogram = Histogram(edges[:-1][kept], edges[1:][kept], counts[kept])
    places = np.linspace(0, 5, 21)
    assert np.abs(histogram.sizes().rebin(places) - np.histogram(abs(values), places)[0]).max() <= 4


def test_quantiles(spread):
    assert spread.quantile(0) == -2
    assert spread.quantile(1) == 3
    assert spread.quantile(0.5) == pytest.approx(1)
    assert spread.quantile(0.75) == pytest.approx(2)


def test_coarse_bins_keep_every_count():
    edges = np.linspace(-1, 1, 1001)
    counts = np.arange(1, 1001)
    coarse = Histogram(edges[:-1], edges[1:], counts).coarsen(0.1)
    assert 20 <= len(coarse.counts) <= 21
    assert coarse.counts.sum() == counts.sum()
    assert (coarse.left[0], coarse.right[-1]) == (-1, 1)
    assert (coarse.left[1:] >= coarse.right[:-1]).all()


def test_an_empty_one_has_no_counts_and_no_quantile():
    empty = Histogram(np.zeros(0), np.zeros(0), np.zeros(0, int))
    assert empty.rebin(np.array([0.0, 1.0])) == [0]
    assert np.isnan(empty.quantile(0.5))
    assert len(empty.sizes().counts) == len(empty.coarsen(1).counts) == 0


def test_bins_of_no_width_keep_their_numbers():
    """Three numbers of -1, eight of 0, four in [0, 2], five of 2."""
    at = Histogram(np.array([-1.0, 0, 0, 2]), np.array([-1.0, 0, 2, 2]), np.array([3, 8, 4, 5]))
    assert at.total == 20
    assert at.count_below(np.array([-1.5, -1, -0.5, 0, 1, 2, 3])) == pytest.approx([0, 3, 3, 11, 13, 20, 20])
    assert at.rebin(np.array([-1.0, -0.5, 0.5, 2])) == pytest.approx([3, 9, 8])
    assert [at.quantile(share) for share in (0, 0.1, 0.2, 0.5, 1)] == [-1, -1, 0, 0, 2]
    sizes = at.sizes()
    assert sizes.left.tolist() == [0, 0, 1, 1, 2]
    assert sizes.right.tolist() == [0, 1, 1, 2, 2]
    assert sizes.counts == pytest.approx([8, 2, 3, 2, 5])
    assert at.coarsen(0.5).total == 20


@pytest.mark.parametrize("value", [0.0, 1.0, -0.3])
def test_numbers_that_are_all_the_same_are_a_bin_of_no_width(value):
    same = Histogram(np.array([value]), np.array([value]), np.array([7]))
    assert same.quantile(0.5) == value
    assert same.rebin(np.linspace(-2, 2, 6)).sum() == same.rebin(np.array([value, value + 1]))[0] == 7
    sizes = same.sizes()
    assert (sizes.left.tolist(), sizes.right.tolist(), sizes.counts.tolist()) == (
        [abs(value)],
        [abs(value)],
        [7],
    )
