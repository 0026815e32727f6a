"""A marker in the middle of each patch."""

from __future__ import annotations

import numpy as np

from dashboard.charts.activations.patches import picture

CROP = np.zeros((8, 12, 3), np.uint8)


def test_each_patch_has_its_place_and_number():
    figure = picture(CROP, (2, 3), marked=None)
    (trace,) = figure.data
    assert list(trace.customdata) == [0, 1, 2, 3, 4, 5]
    assert (list(trace.x[:3]), list(trace.y[::3])) == ([0.5, 1.5, 2.5], [0.5, 1.5])
    assert trace.text[5] == "row 1, column 2"
    assert (tuple(figure.layout.xaxis.range), tuple(figure.layout.yaxis.range)) == ((0, 3), (2, 0))
    assert not figure.layout.shapes


def test_the_chosen_patch_has_a_frame():
    (frame,) = picture(CROP, (2, 3), marked=4).layout.shapes
    assert (frame.x0, frame.y0, frame.x1, frame.y1) == (1, 1, 2, 2)
