"""Rows of one signature stand together in an index."""

from __future__ import annotations

from dataclasses import replace

from models.checkpoints.known import CLASSES, Index, Match, Row

ROW = Row("timm/a", {}, 10, (("fc.weight", (CLASSES, 4)),), (2, 77), frozenset({1, 2}), "timm/a")


def test_rows_of_one_signature_stand_together_in_their_order():
    other_head = replace(ROW, name="timm/c", head=(("fc.bias", (CLASSES,)),))
    rows = [ROW, replace(ROW, name="timm/b"), other_head, replace(ROW, name="timm/d", body=(3, 77))]
    index = Index.of(rows, {"timm": "1.0"})
    assert index.rows == tuple(rows)
    assert index.by_signature[ROW.body, ROW.head] == (rows[0], rows[1])
    assert index.by_signature[other_head.body, other_head.head] == (other_head,)
    assert len(index.by_signature) == 3
    assert index.heads == (ROW.head, other_head.head)


def test_a_match_is_exact_where_the_classes_are_its_own():
    assert Match(ROW, 10, "", {}).exact
    assert not Match(ROW, 11, "", {}).exact
