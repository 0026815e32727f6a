"""Many lines as one trace."""

from __future__ import annotations

from dashboard.charts.strokes import strokes


def test_a_gap_is_behind_each_line():
    assert strokes([[(1.0, 2.0), (3.0, 4.0)], [(5.0, 6.0), (7.0, 8.0)]]) == {
        "x": [1.0, 3.0, None, 5.0, 7.0, None],
        "y": [2.0, 4.0, None, 6.0, 8.0, None],
    }
    assert strokes([]) == {"x": [], "y": []}
