"""The matrix as a picture: each colour where its marker is, names as they are."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

from dashboard.charts.evaluation import confusion
from dashboard.charts.palette import colours_of

MATRIX = np.array([[90, 3, 7], [0, 40, 10], [0, 0, 0]])


def picture(figure) -> np.ndarray:
    source = figure.layout.images[0].source.partition(",")[2]
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(source))))


def test_shares_are_of_the_row():
    found = confusion.shares(MATRIX)
    np.testing.assert_allclose(found[:2].sum(1), 1)
    assert found[1, 2] == pytest.approx(0.2)
    assert np.isnan(found[2]).all()


def test_every_cell_has_the_colour_of_its_share_where_its_marker_is():
    figure = confusion.grid(MATRIX, ("a", "b", "<b>c</b>"), [0, 1, 2], marked=(1, 2))
    pixels, markers = picture(figure), figure.data[-1]
    shares = np.nan_to_num(confusion.shares(MATRIX))
    expected = colours_of(np.sqrt(shares), 1.0, signed=False).round()
    assert len(markers.x) == 9
    for x, y, cell, text in zip(markers.x, markers.y, markers.customdata, markers.text, strict=True):
        row, column = map(int, cell.split("-"))
        at = pixels[int(y * confusion.CELL) - 2, int(x * confusion.CELL) - 2]
        assert at[:3].tolist() == expected[row, column].tolist()
        assert f": {MATRIX[row, column]:,}" in text
        assert "<b>" not in text
    assert "20.0 % of its pictures" in markers.text[5]
    assert "%" not in markers.text[8]
    assert list(figure.data[0].text) == ["90", "3", "7", "40", "10"]
    frame = figure.layout.shapes[0]
    assert (frame.x0, frame.x1, frame.y0, frame.y1) == (2, 3, 1, 2)
    assert figure.layout.yaxis.ticktext[2] == "&lt;b&gt;c&lt;/b&gt;"


def test_some_classes_of_many_keep_their_shares_and_numbers():
    figure = confusion.grid(MATRIX, ("a", "b", "c"), [0, 2], marked=(0, 1))
    assert list(figure.data[-1].customdata) == ["0-0", "0-2", "2-0", "2-2"]
    assert "7.0 %" in figure.data[-1].text[1]
    assert not figure.layout.shapes


def test_forty_classes_are_light_and_carry_no_numbers():
    generator = np.random.default_rng(0)
    matrix = generator.integers(0, 50, size=(40, 40))
    figure = confusion.grid(matrix, [f"class {k}" for k in range(40)], range(40), marked=None)
    assert len(figure.data) == 1
    assert len(figure.to_json()) < 400_000
