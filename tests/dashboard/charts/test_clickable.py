"""Markers that nobody sees, a picture below them and a frame."""

from __future__ import annotations

import base64

import numpy as np
import plotly.graph_objects as go

from dashboard.charts import clickable
from dashboard.charts.palette import MARK


def test_a_picture_travels_in_its_address():
    head, _, body = clickable.source(b"\x89PNG").partition(",")
    assert head == "data:image/png;base64" and base64.b64decode(body) == b"\x89PNG"


def test_targets_carry_what_a_click_hands_back():
    places = np.array([0.5, 1.5])
    trace = clickable.targets(
        places, places + 1, size=20, carried=["a", "b"], texts=["A", "B"], hovertemplate="%{text}"
    )
    assert (list(trace.x), list(trace.y)) == ([0.5, 1.5], [1.5, 2.5])
    assert list(trace.customdata) == ["a", "b"] and list(trace.text) == ["A", "B"]
    assert trace.marker.opacity == trace.selected.marker.opacity == trace.unselected.marker.opacity == 0


def test_the_picture_lies_below_and_the_frame_around():
    figure = go.Figure()
    clickable.lay_under(figure, b"png", 3, 2)
    clickable.frame(figure, 1, 0, 2, 1)
    (picture,), (shape,) = figure.layout.images, figure.layout.shapes
    assert (picture.x, picture.y, picture.sizex, picture.sizey, picture.layer) == (0, 0, 3, 2, "below")
    assert (shape.x0, shape.y0, shape.x1, shape.y1, shape.line.color) == (1, 0, 2, 1, MARK)
