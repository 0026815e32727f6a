"""A point for each picture that was left out, beside the diagonal."""

from __future__ import annotations

import numpy as np

from dashboard.charts.evaluation.left_out import points
from dashboard.records.influence import Checked


def test_points_lie_where_the_numbers_are_and_the_diagonal_spans_them():
    check = Checked(np.arange(3), np.array([-1.0, 0.0, 2.0]), np.array([-1.5, 0.1, 1.0]), 1.0, 1.0)
    line, marks = points(check, "#123456").data
    assert tuple(line.x) == tuple(line.y) == (-1.5, 2.0)
    assert list(marks.x) == [-1.0, 0.0, 2.0] and list(marks.y) == [-1.5, 0.1, 1.0]
    assert marks.marker.color == "#123456"
