"""Reliability drawn: bins with pictures only, each bar with its count."""

from __future__ import annotations

import numpy as np

from dashboard.charts.evaluation import classes, reliability
from dashboard.inspection.evaluation.calibration import reliability as measured
from dashboard.inspection.evaluation.scores import class_scores

PALETTE = ["#3b6fb6", "#e07b39", "#3f9c7a", "#b5556f", "#8a6fc2", "#a08a2c", "#4aa3c7", "#7d7d7d"]
LOGITS = np.array([[3.0, 0.0], [3.0, 0.0], [0.5, 0.0]], dtype=np.float32)
FOUND = measured(LOGITS, np.array([0, 1, 0]))


def test_only_bins_with_pictures_have_bars():
    figure = reliability.bars(FOUND, PALETTE, ink="#000000")
    shares, _, dots, counts = figure.data
    assert list(counts.y) == [1, 2]
    assert list(shares.y) == [100.0, 50.0]
    np.testing.assert_allclose(dots.x, 100 * FOUND.confidence[FOUND.counts > 0])
    assert "2 pictures, on average 95.3 % sure, 50.0 % right" in shares.text[1]
    for x, confidence in zip(shares.x, dots.x, strict=True):
        assert abs(x - confidence) <= 50 / 15


def test_before_and_after_are_two_lines_along_the_diagonal():
    after = measured(LOGITS / 2, np.array([0, 1, 0]))
    figure = reliability.lines(FOUND, after, PALETTE, ink="#000000")
    diagonal, one, other = figure.data
    assert (list(diagonal.x), list(diagonal.y)) == ([0, 100], [0, 100])
    assert (one.name, other.name) == ("As it is", "Divided")
    assert max(other.x) < max(one.x)


def test_classes_have_a_dot_for_precision_and_recall():
    scores = class_scores(np.array([0, 0, 1]), np.array([0, 1, 1]), 3)
    figure = classes.dots(scores, ["a", "<i>", "c"], [1, 0], PALETTE)
    _, recall, precision = figure.data
    assert (list(recall.x), list(precision.x)) == ([100.0, 50.0], [50.0, 100.0])
    assert "&lt;i&gt;: recall 100 %, 1 pictures" in recall.text[0]
    assert figure.layout.xaxis.range[0] == 40
