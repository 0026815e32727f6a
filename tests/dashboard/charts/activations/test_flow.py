"""Numbers layer by layer, zeros as gaps."""

from __future__ import annotations

import numpy as np

from dashboard.charts.activations.flow import NAMES, gradients, spreads


def test_a_gradient_of_zero_leaves_a_gap():
    figure = gradients(["pixels", "<conv>", "head"], [0.1, 0.0, 2.0])
    (line,) = figure.data
    assert list(line.x) == [0, 1, 2] and np.isnan(line.y[1]) and (line.y[0], line.y[2]) == (0.1, 2.0)
    assert line.customdata[1] == "&lt;conv&gt;" and figure.layout.yaxis.type == "log"


def test_zeros_are_bars_on_an_axis_of_their_own():
    figure = spreads(["a", "b"], [1.0, 2.0], [0.0, 0.5])
    line, bars = figure.data
    assert list(line.y) == [1.0, 2.0] and list(bars.y) == [0.0, 50.0] and bars.yaxis == "y2"
    assert tuple(figure.layout.yaxis2.range) == (0, 100)


def test_of_many_names_some_are_left_out_and_long_ones_keep_their_end():
    names = [f"block.{place}.an.extremely.long.name.of.it" for place in range(50)]
    axis = gradients(names, [1.0] * 50).layout.xaxis
    assert len(axis.tickvals) == 10 <= NAMES and list(axis.tickvals)[:2] == [0, 5]
    assert axis.ticktext[0] == "…extremely.long.name.of.it"
