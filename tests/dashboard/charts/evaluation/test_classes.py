"""Two dots a class, where they belong."""

from __future__ import annotations

import numpy as np

from dashboard.charts.evaluation.classes import dots
from dashboard.records.evaluation import ClassScores

PALETTE = [f"#00000{place}" for place in range(8)]
SCORES = ClassScores(
    precision=np.array([0.9, 0.5, np.nan]),
    recall=np.array([0.8, 1.0, 0.0]),
    f1=np.zeros(3),
    support=np.array([1500, 20, 3]),
    called=np.array([1, 1, 0]),
)


def test_dots_stand_at_recall_and_precision_in_the_order_asked_for():
    line, recall, precision = dots(SCORES, ["<b>ox</b>", "fox", "owl"], [1, 0], PALETTE).data
    assert (list(recall.x), list(precision.x)) == ([100.0, 80.0], [50.0, 90.0])
    assert list(recall.y) == [0, 1] and (recall.marker.color, precision.marker.color) == (
        PALETTE[0],
        PALETTE[1],
    )
    assert np.array(line.x, float)[:2].tolist() == [100.0, 50.0]
    assert recall.text[1] == "&lt;b&gt;ox&lt;/b&gt;: recall 80.0 %, 1,500 pictures"


def test_the_axis_begins_below_the_lowest_dot():
    names = ["ox", "fox", "owl"]
    assert tuple(dots(SCORES, names, [0], PALETTE).layout.xaxis.range) == (70, 100)
    assert tuple(dots(SCORES, names, [2], PALETTE).layout.xaxis.range) == (0, 100)
