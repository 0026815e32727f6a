"""A tree of one question as text and as a table."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.charts.surrogate.rules import node_table, rules_text
from dashboard.records.surrogate import Tree

CLASSES = ("ox", "red\nfox", "ox")


@pytest.fixture
def tree() -> Tree:
    return Tree(
        names=("ink at\nrow 3",),
        short=("ink",),
        decimals=None,
        feature=np.array([0, -1, -1]),
        threshold=np.array([0.5, 0, 0]),
        left=np.array([1, -1, -1]),
        right=np.array([2, -1, -1]),
        depth=np.array([0, 1, 1]),
        classes=np.array([1, 2]),
        counts=np.array([[3, 2], [3, 0], [0, 2]]),
        means=np.zeros((3, 2, 2, 1), np.uint8),
    )


def test_rules_have_the_form_of_scikit_learn(tree):
    assert rules_text(tree, 1, CLASSES) == (
        "|--- ink at row 3 <= 0.500\n"
        "|   |--- class: red fox\n"
        "|--- ink at row 3 >  0.500\n"
        "|   |--- class: ox\n"
    )
    assert rules_text(tree, 0, CLASSES) == "|--- class: red fox\n"


def test_the_table_has_a_row_for_each_node(tree):
    table = node_table(tree, 1, CLASSES)
    assert table["Node"] == [0, 1, 2] and table["Depth"] == [0, 1, 1]
    assert table["Feature"] == ["ink at\nrow 3", "", ""] and table["Threshold"] == [0.5, "", ""]
    assert (table["At most"], table["Above"]) == ([1, "", ""], [2, "", ""])
    assert table["Answer"] == ["red\nfox", "red\nfox", "ox"] and table["Pictures"] == [5, 3, 2]
    assert table["Answered ox (class 2)"] == [2, 0, 2]
    assert node_table(tree, 0, CLASSES)["Feature"] == [""]
