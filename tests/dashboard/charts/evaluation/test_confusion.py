"""The matrix as a picture: each colour where its marker is, names as they are."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import pytest

from dashboard.charts.evaluation import confusion
from dashboard.charts.palette import MAGNITUDE

MATRIX = np.array([[90, 3, 7], [0, 40, 10], [0, 0, 0]])


def test_shares_are_of_the_row():
    found = confusion.shares(MATRIX)
    np.testing.assert_allclose(found[:2].sum(1), 1)
    assert found[1, 2] == pytest.approx(0.2)
    assert np.isnan(found[2]).all()


def test_every_cell_has_the_colour_of_its_share_where_its_marker_is():
    figure = confusion.grid(MATRIX, ("a", "b", "<b>c</b>"), [0, 1, 2], marked=(1, 2))
    cells, markers = figure.data[0], figure.data[-1]
    shades = np.sqrt(np.nan_to_num(confusion.shares(MATRIX)))
    assert (cells.x0, cells.dx, cells.y0, cells.dy, cells.zmin, cells.zmax) == (0.5, 1, 0.5, 1, 0, 1)
    assert cells.colorscale == go.Heatmap(colorscale=MAGNITUDE).colorscale
    assert len(markers.x) == 9
    for x, y, cell, text in zip(markers.x, markers.y, markers.customdata, markers.text, strict=True):
        row, column = map(int, cell.split("-"))
        assert cells.z[int(y - cells.y0), int(x - cells.x0)] == shades[row, column]
        assert f": {MATRIX[row, column]:,}" in text
        assert "<b>" not in text
    assert "20.0 % of its pictures" in markers.text[5]
    assert "%" not in markers.text[8]
    assert list(figure.data[1].text) == ["90", "3", "7", "40", "10"]
    frame = figure.layout.shapes[0]
    assert (frame.x0, frame.x1, frame.y0, frame.y1) == (2, 3, 1, 2)
    assert figure.layout.yaxis.ticktext[2] == "&lt;b&gt;c&lt;/b&gt;"


@pytest.mark.parametrize("count", [2, 3, 40])
def test_the_gap_between_cells_is_as_wide_on_the_screen_whatever_their_size(count):
    figure = confusion.grid(np.eye(count, dtype=int), ["a"] * count, range(count), marked=None)
    cells = figure.data[0]
    assert (cells.type, cells.xgap, cells.ygap, cells.zsmooth) == ("heatmap", 2, 2, None)
    assert not figure.layout.images


def test_some_classes_of_many_keep_their_shares_and_numbers():
    figure = confusion.grid(MATRIX, ("a", "b", "c"), [0, 2], marked=(0, 1))
    assert list(figure.data[-1].customdata) == ["0-0", "0-2", "2-0", "2-2"]
    assert "7.0 %" in figure.data[-1].text[1]
    assert not figure.layout.shapes


def test_forty_classes_are_light_and_carry_no_numbers():
    generator = np.random.default_rng(0)
    matrix = generator.integers(0, 50, size=(40, 40))
    figure = confusion.grid(matrix, [f"class {k}" for k in range(40)], range(40), marked=None)
    assert [trace.type for trace in figure.data] == ["heatmap", "scatter"]
    assert figure.data[1].mode == "markers"
    assert len(figure.to_json()) < 400_000
