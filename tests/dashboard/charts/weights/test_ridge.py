"""Ridges: one axis for all, peaks kept, nothing that a name could do."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dashboard.charts.weights.ridge import (
    BINS,
    HEIGHT,
    ValueAxis,
    axis,
    overlay_histograms,
    pool_bins,
    ridge,
    shorten_middle,
    titles,
)
from dashboard.inspection.weights.distributions import distributions
from dashboard.records.weights import TensorSummary
from models.classifier import Weights
from models.runtime.randomness import fork_rng

PALETTE = ("#3b6fb6", "#e07b39")


def summaries(*stds: float, count: int = 20_000) -> tuple[TensorSummary, ...]:
    with fork_rng(0):
        tensors = {
            f"layer{place}.weight": torch.randn(count // 20, 20) * std for place, std in enumerate(stds)
        }
    return distributions(Weights.of(tensors, "test")).tensors


def test_every_row_is_as_high_as_its_own_peak():
    figure = ridge(summaries(0.1, 0.01, 0.001), {}, PALETTE, scale="linear")
    for place, row in enumerate(figure.data):
        assert row.y.max() + place == pytest.approx(HEIGHT)
        assert row.y.min() + place == pytest.approx(0)
        assert (row.y[0], row.y[-1]) == (-place, -place)


def test_the_axis_shows_a_usual_tensor_whole_and_lets_one_that_is_wide_run_out():
    common = axis([one.histogram for one in summaries(0.1, 0.1, 0.1, 0.1, 0.1, 50)], "linear")
    assert common.edges[0] == -common.edges[-1]
    assert 0.25 < common.edges[-1] < 0.6


def test_heights_are_those_of_numpys_histogram():
    (one,) = summaries(1.0)
    common = axis([one.histogram], "linear")
    with fork_rng(0):
        values = torch.randn(1000, 20).numpy().ravel()
    expected = np.histogram(values, common.edges)[0]
    assert abs(common.heights(one.histogram) * expected.max() - expected).max() < 0.06 * expected.max()


def test_sizes_are_shown_over_decades_and_zeros_left_out():
    (one,) = summaries(1.0)
    common = axis([one.histogram], "sizes")
    assert common.edges[-1] - common.edges[0] >= 1
    heights = common.heights(one.histogram)
    # Of a bell curve, sizes per decade are commonest at one spread.
    assert 10 ** common.middles[int(heights.argmax())] == pytest.approx(1, rel=0.3)


def test_few_numbers_share_their_bins():
    counts = np.zeros(BINS)
    counts[BINS // 2] = 9
    assert np.array_equal(pool_bins(counts, 10_000), counts)
    few = pool_bins(counts, 9)
    assert few.sum() == pytest.approx(9)
    assert np.count_nonzero(few) == BINS // 9
    assert pool_bins(np.ones((81, 3)), 5).shape == (81, 3)


def test_an_axis_of_nothing_shows_nothing():
    empty = ValueAxis(np.linspace(-1, 1, BINS + 1), "linear")
    (one,) = summaries(0.0)
    assert empty.heights(one.histogram).max() == 1
    far = ValueAxis(np.linspace(5, 6, BINS + 1), "counts")
    assert far.heights(one.histogram).max() == 0


def test_initial_spreads_are_marked_where_they_lie_inside():
    shown = summaries(0.1, 0.1)
    spreads = {shown[0].facts.name: 0.05, shown[1].facts.name: 1e6}
    marks = ridge(shown, spreads, PALETTE, scale="linear").data[-1]
    assert [x for x in marks.x if x is not None] == [-0.05, -0.05, 0.05, 0.05]


def test_names_cannot_become_markup_and_the_figure_is_light():
    with fork_rng(0):
        tensors = {f"<b>{place}</b>.weight": torch.randn(40, 40) for place in range(60)}
    shown = distributions(Weights.of(tensors, "test")).tensors
    spec = ridge(shown, {}, PALETTE, scale="linear").to_json()
    assert "<b>" not in spec.replace("\\u003c", "<")
    assert len(spec) < 120_000


def test_rows_are_named_by_their_layers_where_that_tells_them_apart():
    shown = summaries(1, 2)
    assert titles(shown) == ["layer0", "layer1"]
    assert titles((shown[0], shown[0])) == ["layer0.weight"] * 2
    assert len(shorten_middle("a" * 60 + "end")) == 40 and shorten_middle("a" * 60 + "end").endswith("end")


def test_histograms_over_each_other_share_an_axis():
    first, second = summaries(0.1, 0.2)
    figure = overlay_histograms(
        {"one": first.histogram, "other": second.histogram}, PALETTE, scale="linear", marks={"start": 0.15}
    )
    assert np.array_equal(figure.data[0].x, figure.data[1].x)
    assert [line.x0 for line in figure.layout.shapes] == [-0.15, 0.15]
