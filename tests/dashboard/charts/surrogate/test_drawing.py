"""The drawing of a tree: what is drawn, where, and in which words."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.charts.palette import MARK, OTHER_ANSWERS
from dashboard.charts.surrogate import fidelity as curves
from dashboard.charts.surrogate.drawing import BAR, COLOURED, REACH, tree_figure
from dashboard.charts.surrogate.layout import LEAF_PITCH, READABLE, SIDE, tree_layout
from dashboard.inspection.surrogate.features import Features
from dashboard.inspection.surrogate.tree import class_agreements, grow
from dashboard.records.surrogate import DEEPEST, Surrogate
from tests.dashboard.inspection.surrogate.pictures import blobs, read_as

CLASSES = [f"class {index}" for index in range(40)]
PALETTE = [f"#0000{number:02x}" for number in range(8)]


def imitated(readings, prefix: str = "number") -> Surrogate:
    names = tuple(f"{prefix} {place}" for place in range(readings.units.shape[1]))
    return grow(readings, Features(names, names, readings.units))


@pytest.fixture(scope="module")
def found() -> Surrogate:
    return imitated(blobs())


def way(found: Surrogate, depth: int, picture: int = 0) -> list[int]:
    return list(dict.fromkeys(found.nodes[picture, : depth + 1].tolist()))


def draw(found: Surrogate, depth: int, classes=CLASSES):
    return tree_figure(found.tree, depth, way(found, depth), classes, PALETTE, "#222222")


def test_a_readable_tree_is_drawn_whole_without_two_leaves_in_one_row(found):
    layout = tree_layout(found.tree, 3, way(found, 3))
    assert layout.whole and len(layout.placed) == (found.tree.depth <= 3).sum()
    leaves = [one for one in layout.placed if found.tree.ends(one.node, 3)]
    assert sorted(one.y for one in leaves) == [row * LEAF_PITCH for row in range(len(leaves))]
    at = {one.node: one for one in layout.placed}
    for one in layout.placed:
        assert one.x == found.tree.depth[one.node] and one.y + SIDE < layout.height
        if not found.tree.ends(one.node, 3):
            children = at[found.tree.left[one.node]], at[found.tree.right[one.node]]
            assert one.y == (children[0].y + children[1].y) / 2
            assert children[0].y < children[1].y and (children[0].small, children[1].small) == (True, False)


def test_a_deeper_tree_is_folded_to_the_way_and_what_it_does_not_take(found):
    nodes = way(found, DEEPEST)
    assert found.tree.leaves(DEEPEST) > READABLE
    layout = tree_layout(found.tree, DEEPEST, nodes)
    assert not layout.whole and layout.columns == 2
    assert [one.node for one in layout.placed if one.x == 0] == nodes
    beside = [one for one in layout.placed if one.x == 1]
    assert len(beside) == len(nodes) - 1
    drawn_or_folded = len(layout.placed) + sum(one.folded for one in beside)
    assert drawn_or_folded == len(found.tree.feature)


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
    answers = generator.integers(0, 12, 1200)
    found = imitated(read_as(answers[:, None] + generator.normal(size=(1200, 2)) / 4, answers))
    figure = draw(found, 3)
    colours = [trace.line.color for trace in figure.data[2:-1]]
    assert len(colours) == len(set(colours)) == COLOURED + 1 and OTHER_ANSWERS in colours
    key = str(figure.layout.annotations[0].text)
    assert "others" in key and key.count("\u25a0") == COLOURED + 1


def test_names_are_no_markup(found):
    figure = draw(found, 3, ["<b>bold</b>"] * 40)
    said = "".join(str(note.text) for note in figure.layout.annotations) + "".join(figure.data[-1].text)
    assert "<b>bold" not in said and "&lt;b&gt;bold" in said
    bars = curves.by_class(class_agreements(found, 3), ["<i>x</i>"] * 40)
    assert "<i>" not in "".join(bars.layout.yaxis.ticktext) + "".join(bars.data[0].hovertext)


def test_a_drawing_is_light(found):
    assert len(draw(found, DEEPEST).to_json()) < 100_000


def test_the_curve_marks_the_chosen_depth(found):
    figure = curves.over_depth(found.fidelity, 4, 0.8, PALETTE, "#222222")
    assert [trace.name for trace in figure.data[:3]] == [
        "Agrees with the network, held out",
        "Agrees, pictures it was grown with",
        "Right by the labels, held out",
    ]
    assert list(figure.data[0].y) == [one.held_out for one in found.fidelity]
    assert (figure.data[3].x[0], figure.data[3].y[0]) == (4, found.fidelity[4].held_out)
    without = imitated(read_as(blobs().units, blobs().answers))
    assert len(curves.over_depth(without.fidelity, 4, 0.8, PALETTE, "#222222").data) == 3


def test_many_answers_are_cut_to_the_commonest(found):
    rows = class_agreements(found, 3)
    many = [row for row in rows for _ in range(10)]
    figure = curves.by_class(many, CLASSES)
    assert len(figure.data[0].x) == curves.MOST_CLASSES < len(many)
    assert len(curves.by_class(rows, CLASSES).data[0].x) == len(rows)
