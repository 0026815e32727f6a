"""Accuracy under attack: the line and its interval."""

from __future__ import annotations

import numpy as np

from dashboard.charts.whatif.robustness import curve
from dashboard.records.whatif import RobustAccuracy


def test_the_line_lies_in_its_band():
    robust = RobustAccuracy(
        np.arange(2), np.array([8, 4]), np.array([0.5, 0.2]), np.array([0.95, 0.7]), 10, 40, 3, 1.0
    )
    band, line = curve(robust, "#123456").data
    assert list(line.y) == [80, 40] and list(line.x) == [0, 1]
    assert np.allclose(band.y, [95, 70, 20, 50])
