"""Chart of what each source of chance does."""

from __future__ import annotations

import dataclasses

from dashboard.charts import spread
from dashboard.charts.palette import OTHER_POINTS
from models.training.sweep.spread import Source, Spread

SPREAD = Spread(
    "test",
    (
        Source("first weights", 0.012, 0.008, 0.024, 0.8, 0.6, 0.95, 8),
        Source("order of the pictures", 0.006, 0.004, 0.012, 0.2, 0.05, 0.4, 8),
    ),
    like=(),
    noise=0.02,
)


def test_each_source_has_its_deviation_and_interval_in_points():
    *lines, points = spread.deviations(SPREAD, "blue").data
    assert [list(line.x) for line in lines] == [[0.8, 2.4], [0.4, 1.2]]
    assert (list(points.x), list(points.marker.color)) == ([1.2, 0.6], ["blue", "blue"])


def test_what_cannot_be_told_from_the_largest_is_hollow():
    like = dataclasses.replace(SPREAD, like=("order of the pictures",))
    points = spread.deviations(like, "blue").data[-1]
    assert list(points.marker.symbol) == ["circle", "circle-open"]
    assert list(points.marker.color) == ["blue", OTHER_POINTS]
