"""Where a tree's nodes go: all of them from left to right, or one picture's way from top to bottom."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.records.surrogate import Tree

# A tree with more leaves than this cannot be read at once.
READABLE = 8
# Pixels from one row to the next: leaves below each other, and questions below each other.
LEAF_PITCH, STEP_PITCH = 118, 136
# Of the mean picture, in pixels.
SIDE = 64


@dataclass(frozen=True)
class PlacedNode:
    """One node and its place.

    Attributes:
        node: of the tree.
        x: left edge, in columns.
        y: top edge, in pixels from the top.
        parent: that it hangs on, or None for the root.
        small: whether it is where the parent's feature is at most the threshold.
        folded: how many nodes below it are not drawn.
    """

    node: int
    x: float
    y: float
    parent: int | None
    small: bool
    folded: int


@dataclass(frozen=True)
class TreeLayout:
    """All nodes that are drawn.

    Attributes:
        placed: parents before their children.
        columns: across.
        height: in pixels.
        whole: whether nothing is folded.
    """

    placed: tuple[PlacedNode, ...]
    columns: int
    height: float
    whole: bool


def tree_layout(tree: Tree, depth: int, path: Sequence[int]) -> TreeLayout:
    """The tree of that depth: whole where it can be read, else one picture's way with the branches beside it.

    Args:
        tree: the tree.
        depth: at which it is cut.
        path: nodes of the picture, from the root to where it ends.
    """
    leaves = tree.leaves(depth)
    return _whole_tree(tree, depth, leaves) if leaves <= READABLE else _single_path(tree, depth, path)


def _whole_tree(tree: Tree, depth: int, leaves: int) -> TreeLayout:
    placed: list[PlacedNode] = []
    row = 0

    def place(node: int, parent: int | None, small: bool) -> float:
        """Put down a node with all below it; where it stands, in pixels."""
        nonlocal row
        mine = len(placed)
        placed.append(PlacedNode(node, 0, 0, parent, small, 0))
        if tree.ends(node, depth):
            y, row = float(row * LEAF_PITCH), row + 1
        else:
            children = ((int(tree.left[node]), True), (int(tree.right[node]), False))
            y = sum(place(child, node, side) for child, side in children) / 2
        placed[mine] = PlacedNode(node, float(tree.depth[node]), y, parent, small, 0)
        return y

    place(0, None, False)
    columns = 1 + max(int(leaf.x) for leaf in placed)
    return TreeLayout(tuple(placed), columns, leaves * LEAF_PITCH, whole=True)


def _single_path(tree: Tree, depth: int, path: Sequence[int]) -> TreeLayout:
    placed = [PlacedNode(path[0], 0, 0, None, False, 0)]
    for step, (parent, node) in enumerate(itertools.pairwise(path), 1):
        y = float(step * STEP_PITCH)
        left, right = int(tree.left[parent]), int(tree.right[parent])
        other = right if node == left else left
        placed.append(PlacedNode(node, 0, y, parent, node == left, 0))
        placed.append(PlacedNode(other, 1, y, parent, other == left, tree.descendants(other, depth)))
    return TreeLayout(tuple(placed), 2, len(path) * STEP_PITCH, whole=False)
