"""A layer's statistics over steps."""

from __future__ import annotations

import numpy as np

from dashboard.charts.activations.learning import statistics


def test_means_are_on_the_left_and_shares_on_the_right():
    steps = np.array([0, 50, 100])
    figure = statistics(steps, [0.1, 0.2, 0.4], {"<b>zero</b>": [0.5, 0.6, 0.7]}, 50)
    means, shares = figure.data
    assert (list(means.x), list(means.y), means.yaxis) == ([0, 50, 100], [0.1, 0.2, 0.4], None)
    assert (list(shares.y), shares.yaxis, shares.name) == (
        [50.0, 60.0, 70.0],
        "y2",
        "&lt;b&gt;zero&lt;/b&gt;",
    )
    assert (figure.layout.shapes[0].x0, figure.layout.shapes[0].x1) == (50, 50)
