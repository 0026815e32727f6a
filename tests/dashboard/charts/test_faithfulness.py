"""Deletion and insertion curves."""

from __future__ import annotations

import numpy as np

from dashboard.charts.faithfulness import curves
from dashboard.records.attribution import Faithfulness


def test_each_method_has_its_curve_and_colour():
    shares = np.linspace(0, 1, 3)
    found = [Faithfulness(name, shares, shares, 1 - shares, 0.0, None, None, 0.0) for name in ("a", "b")]
    figure = curves("insertion", found, {"a": "A <b>", "b": "B"}, ["red", "blue"])
    assert [trace.name for trace in figure.data] == ["A &lt;b&gt;", "B"]
    assert [trace.line.color for trace in figure.data] == ["red", "blue"]
    assert list(figure.data[0].x) == [0, 50, 100]
    assert list(figure.data[0].y) == [100, 50, 0]
    assert list(curves("deletion", found, {"a": "", "b": ""}, ["red"]).data[1].y) == [0, 50, 100]
