"""Units as bars in the order given."""

from __future__ import annotations

import numpy as np

from dashboard.charts.activations.bars import units


def test_bars_carry_their_numbers_and_the_chosen_one_stands_out():
    figure = units(np.array([2.0, -1.0]), np.array([7, 3]), marked=3)
    (bars,) = figure.data
    assert (list(bars.x), list(bars.y), list(bars.customdata)) == (["7", "3"], [2.0, -1.0], [7, 3])
    assert list(bars.marker.opacity) == [0.55, 1.0]
    assert figure.layout.yaxis.range is None


def test_a_scale_may_be_given():
    assert tuple(units(np.ones(1), np.zeros(1), marked=None, ends=(-2, 2)).layout.yaxis.range) == (-2, 2)


def test_scores_of_classes_carry_their_names():
    drawn = units(np.array([3.0, 1.0]), np.array([1, 0]), marked=None, names=("cat", "<b>fox"))
    assert list(drawn.layout.xaxis.ticktext) == ["1: &lt;b&gt;fox", "0: cat"]
    assert list(drawn.data[0].text) == [": &lt;b&gt;fox", ": cat"]
    many = units(np.ones(20), np.arange(20), marked=None, names=["a"] * 20)
    assert many.layout.xaxis.ticktext is None and many.data[0].text[19] == ": a"
