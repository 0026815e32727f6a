"""Points in two axes: every point of one kind, clickable, and a picture to take away."""

from __future__ import annotations

import io
import itertools

import numpy as np
import pytest
from PIL import Image

from dashboard.charts.activations.scatter import PointGroup, groups, picture, scatter
from dashboard.charts.palette import CLASSES, OTHER_POINTS

POINTS = np.random.default_rng(0).normal(size=(40, 2))


def drawn(
    kinds: tuple[PointGroup, ...], points: np.ndarray = POINTS, photo: np.ndarray | None = None
) -> np.ndarray:
    content = picture(points, kinds, photo=photo, lines=("<b>PCA</b>", "pictures"), axes=("one", "two"))
    return np.asarray(Image.open(io.BytesIO(content)))


def test_ten_kinds_differ_in_colour_or_shape():
    found = groups(np.arange(40) % 10, {kind: str(kind) for kind in range(10)})
    assert [group.title for group in found] == [f"{kind} (4)" for kind in range(10)]
    assert len({(group.colour, group.symbol) for group in found}) == 10
    assert sorted(np.concatenate([group.rows for group in found])) == list(range(40))


def test_neighbours_in_the_legend_differ_in_shape_and_rings_have_a_colour_of_no_kind():
    found = groups(np.arange(40) % 10, {kind: str(kind) for kind in range(10)})
    assert len({group.colour for group in found}) == 10
    assert all(one.symbol != next_.symbol for one, next_ in itertools.pairwise(found))
    figure = scatter(POINTS, found, texts=[""] * 40, photo=None, near=np.array([4]), axes=None, ink="#1d232b")
    assert figure.data[-1].name == "nearest" and figure.data[-1].marker.color == "#1d232b"


def test_rare_kinds_are_put_together():
    kinds = np.concatenate((np.repeat(np.arange(15), 2), np.arange(20, 30)))
    found = groups(kinds, {int(kind): f"kind {kind}" for kind in kinds})
    assert len(found) == 20
    assert (found[-1].title, found[-1].colour, len(found[-1].rows)) == ("others (6)", OTHER_POINTS, 6)
    assert sorted(np.concatenate([group.rows for group in found])) == list(range(40))


def test_points_carry_their_row_and_marks_carry_none():
    kinds = groups(np.arange(40) % 2, {0: "<b>zero</b>", 1: "one"})
    figure = scatter(
        POINTS,
        kinds,
        texts=[f"<i>{row}" for row in range(40)],
        photo=POINTS[3],
        near=np.array([4, 5]),
        axes=("first", "second"),
        ink="#000000",
    )
    zero, _, rings, star = figure.data
    assert zero.name == "&lt;b&gt;zero&lt;/b&gt; (20)" and zero.text[1] == "&lt;i&gt;2"
    assert list(zero.customdata) == list(range(0, 40, 2))
    np.testing.assert_array_equal(zero.x, POINTS[::2, 0])
    assert rings.customdata is None and rings.hoverinfo == star.hoverinfo == "skip"
    assert (star.x[0], star.y[0]) == tuple(POINTS[3])
    assert figure.layout.xaxis.title.text == "first" and figure.layout.yaxis.scaleanchor == "x"


def test_without_a_photo_there_is_no_star():
    kinds = groups(np.zeros(40, int), {0: "zero"})
    figure = scatter(
        POINTS, kinds, texts=[""] * 40, photo=None, near=np.empty(0, int), axes=None, ink="#000000"
    )
    assert len(figure.data) == 1 and figure.layout.xaxis.showticklabels is False


@pytest.mark.slow
def test_the_picture_shows_every_kind_and_its_star():
    kinds = groups(np.arange(40) % 10, {kind: str(kind) for kind in range(10)})
    pixels = drawn(kinds, photo=np.array([0.0, 0.0]))
    assert pixels.shape == (960, 1280, 3)
    for colour in CLASSES:
        wanted = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)])
        assert (np.abs(pixels.astype(int) - wanted).max(2) < 12).any(), colour


@pytest.mark.slow
@pytest.mark.parametrize(
    "points", [np.zeros((1, 2)), np.array([[0.0, 0], [1, 0]]), np.array([[1e-30, 0], [2e-30, 1e-30]])]
)
def test_a_point_a_line_and_tiny_numbers_have_a_picture(points):
    kinds = (PointGroup("wrong (1)", np.arange(len(points)), "#e07b39", "x"),)
    assert (drawn(kinds, points) != 255).any()
