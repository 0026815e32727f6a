"""Where the nodes of a tree go."""

from __future__ import annotations

from dashboard.charts.surrogate.layout import LEAF_PITCH, READABLE, SIDE, tree_layout
from dashboard.records.surrogate import DEEPEST
from tests.dashboard.charts.surrogate.trees import way


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
