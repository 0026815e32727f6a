"""The chart of one column: curves of rows, their mean, and local effects where columns go together."""

from __future__ import annotations

import numpy as np

from dashboard.charts.table.dependence import MOST_CURVES, dependence
from dashboard.inspection.table.dependence import dependence as measure

DRAWS = np.random.default_rng(0)


def test_local_effects_are_drawn_only_where_columns_go_together():
    apart = DRAWS.normal(size=(200, 2))
    figure = dependence(measure(lambda rows: rows[:, 0] / 10, apart, 0), "a", 0.3, "#112233")
    assert [trace.name for trace in figure.data] == ["each row", "mean over rows (partial dependence)"]
    assert np.isnan(np.asarray(figure.data[0].y)).sum() <= MOST_CURVES
    assert figure.layout.shapes[0].x0 == 0.3
    twins = np.repeat(apart[:, :1], 2, 1)
    figure = dependence(measure(lambda rows: rows[:, 0] / 10, twins, 0), "a", 0.3, "#112233")
    assert figure.data[2].name == "among rows that exist (ALE)"
