"""Measured values with their intervals."""

from __future__ import annotations

from dashboard.charts.intervals import intervals
from dashboard.charts.palette import OTHER_POINTS


def test_each_row_has_its_line_and_its_point_and_is_hollow_where_nothing_is_told():
    first, second, points = intervals(
        ["a", "b"], [2.0, 0.5], [(1.0, 3.0), (-1.0, 2.0)], [True, False], "#3467ad", text=["x", "y"]
    )
    assert [(list(line.x), list(line.y), line.line.color) for line in (first, second)] == [
        ([1.0, 3.0], ["a", "a"], "#3467ad"),
        ([-1.0, 2.0], ["b", "b"], OTHER_POINTS),
    ]
    assert (list(points.x), list(points.y), list(points.text)) == ([2.0, 0.5], ["a", "b"], ["x", "y"])
    assert list(points.marker.color) == ["#3467ad", OTHER_POINTS]
    assert list(points.marker.symbol) == ["circle", "circle-open"]
