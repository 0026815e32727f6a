"""The chart of hits among ten: shares of people by how many films they chose."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.charts.evaluation.hits import by_length
from dashboard.records.history import HitRates


def test_each_line_has_the_share_of_each_length():
    found = HitRates(
        network=np.array([True, False, True, True]),
        popular=np.array([False, False, False, True]),
        known=np.array([True, True, True, True]),
        lengths=np.array([3, 3, 5, 5]),
    )
    figure = by_length(found, ("#112233", "#445566"))
    lines = {trace.name: trace for trace in figure.data}
    assert list(lines["By the network"].x) == [3, 5]
    assert list(lines["By the network"].y) == [50, 100]
    assert list(lines["By popularity"].y) == [0, 50]
    assert list(lines["By the known taste"].y) == [100, 100]
    assert list(lines["By the network"].error_y.array) == pytest.approx([200 * np.sqrt(0.25 / 2), 0])
    assert list(lines["By popularity"].customdata) == [2, 2]
