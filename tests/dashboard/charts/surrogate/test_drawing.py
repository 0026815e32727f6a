"""The drawing of a tree: what is drawn, where, and in which words."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.charts import palette
from dashboard.charts.palette import MARK, OTHER_ANSWERS
from dashboard.charts.surrogate.drawing import BAR, COLOURED, REACH, tree_figure
from dashboard.charts.surrogate.layout import SIDE, tree_layout
from dashboard.records.surrogate import DEEPEST, Surrogate
from tests.dashboard.charts.surrogate.trees import imitated, way
from tests.dashboard.inspection.surrogate.pictures import read_as

CLASSES = [f"class {index}" for index in range(40)]
PALETTE = palette.CLASSES


def draw(found: Surrogate, depth: int, classes=CLASSES):
    return tree_figure(found.tree, depth, way(found, depth), classes, PALETTE, "#222222")


@pytest.mark.parametrize("depth", [1, 3, DEEPEST])
def test_each_node_has_its_picture_its_shares_and_its_words(found, depth):
    figure, layout = draw(found, depth), tree_layout(found.tree, depth, way(found, depth))
    assert len(figure.layout.images) == len(layout.placed)
    bars = [trace for trace in figure.data[2:-1] if trace.line.width == 8]
    for one in layout.placed:
        length = 0.0
        for trace in bars:
            x, y = np.array(trace.x, float), np.array(trace.y, float)
            mine = (y == one.y + SIDE + BAR) & (x >= one.x) & (x < one.x + 1)
            spans = x[mine].reshape(-1, 2)
            length += float((spans[:, 1] - spans[:, 0]).sum())
        assert length == pytest.approx(REACH)
    text = " ".join(str(note.text) for note in figure.layout.annotations)
    for one in layout.placed:
        assert f"of {found.tree.counts[one.node].sum():,}" in text
    assert figure.layout.height > layout.height


def test_the_way_is_lit_from_the_root_to_its_end(found):
    figure, nodes = draw(found, 3), way(found, 3)
    lit = next(trace for trace in figure.data if trace.line.color == MARK)
    assert list(lit.x).count(None) == len(nodes) - 1
    assert sum("<b>" in str(note.text) for note in figure.layout.annotations) == len(nodes)


def test_a_tree_without_a_question_is_drawn_too():
    readings = read_as(np.zeros((40, 1)), np.zeros(40))
    figure = draw(imitated(readings), 3)
    assert len(figure.layout.images) == 1


def test_more_answers_than_colours_share_one():
    generator = np.random.default_rng(0)
    answers = generator.integers(0, 14, 1400)
    found = imitated(read_as(answers[:, None] + generator.normal(size=(1400, 2)) / 4, answers))
    figure = draw(found, 3)
    colours = [trace.line.color for trace in figure.data[2:-1]]
    assert len(colours) == len(set(colours)) == COLOURED + 1 and OTHER_ANSWERS in colours
    key = str(figure.layout.annotations[0].text)
    assert "others" in key and key.count("\u25a0") == COLOURED + 1


def test_names_are_no_markup(found):
    figure = draw(found, 3, ["<b>bold</b>"] * 40)
    said = "".join(str(note.text) for note in figure.layout.annotations) + "".join(figure.data[-1].text)
    assert "<b>bold" not in said and "&lt;b&gt;bold" in said


def test_a_drawing_is_light(found):
    assert len(draw(found, DEEPEST).to_json()) < 100_000
