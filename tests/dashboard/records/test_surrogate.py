"""A tree of two questions, walked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.records.surrogate import DEEPEST, Fidelity, Readings, Surrogate, Tree


@pytest.fixture
def tree() -> Tree:
    """Feature 0 at most 1: class 7. Else feature 1 at most 2: class 8, or class 7 again."""
    return Tree(
        names=("ink", "width"),
        short=("ink", "width"),
        decimals=None,
        feature=np.array([0, -1, 1, -1, -1]),
        threshold=np.array([1.0, 0, 2, 0, 0]),
        left=np.array([1, -1, 3, -1, -1]),
        right=np.array([2, -1, 4, -1, -1]),
        depth=np.array([0, 1, 1, 2, 2]),
        classes=np.array([7, 8]),
        counts=np.array([[3, 2], [2, 0], [1, 2], [0, 2], [1, 0]]),
        means=np.zeros((5, 2, 2, 1), np.uint8),
    )


def test_pictures_walk_to_their_leaves_and_stay_there(tree):
    nodes = tree.walk(np.array([[1.0, 9], [1.5, 2], [2, 3]], np.float32))
    assert nodes.shape == (3, DEEPEST + 1)
    assert nodes[:, :4].tolist() == [[0, 1, 1, 1], [0, 2, 3, 3], [0, 2, 4, 4]]
    assert tree.answers(nodes[:, 2]).tolist() == [7, 8, 7]


def test_a_tree_that_is_cut_has_fewer_leaves(tree):
    assert [tree.leaves(depth) for depth in (0, 1, 2, 3)] == [1, 2, 3, 3]
    assert tree.ends(2, 1) and not tree.ends(2, 2) and tree.ends(1, 9)
    assert (tree.descendants(0, 2), tree.descendants(0, 1), tree.descendants(2, 2)) == (4, 2, 2)


def test_a_surrogate_counts_its_pictures(tree):
    held_out = np.array([True, False, False])
    pictures, answers = np.zeros((3, 2, 2, 1), np.uint8), np.array([7, 8, 7])
    readings = Readings(np.arange(3), held_out, pictures, answers, np.full(3, -1), np.zeros((3, 0)), 1.0)
    nodes = tree.walk(np.array([[1.0, 9], [1.5, 2], [2, 3]], np.float32))
    found = Surrogate(tree, readings, nodes, (Fidelity(0, 1, 0.5, 0.5, 0.0, None),), None, 1.0)
    assert (found.held_out, found.grown) == (1, 2)
    assert found.says(0).tolist() == [7, 7, 7] and found.says(2).tolist() == [7, 8, 7]
    assert found.nbytes == tree.nbytes + readings.nbytes + nodes.nbytes
