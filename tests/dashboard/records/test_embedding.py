"""What is known of many pictures, and where they lie along axes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dashboard.records.embedding import UNKNOWN, Features, Place, PrincipalAxes
from dashboard.records.network import LayerCall

CALL = LayerCall("head", "Linear", (2,))


def features(values: Any, labels: list[int], answers: list[int]) -> Features:
    count = len(labels)
    return Features(
        Place(CALL), np.asarray(values, np.float32), np.arange(count), np.array(labels), np.array(answers), 1,
        count, count, 0, 1.0,
    )  # fmt: skip


def test_kinds_are_answers_where_a_class_is_not_known():
    known = features([[0.0], [1], [2]], [0, 1, 1], [0, 1, 0])
    assert known.labelled and known.kinds.tolist() == [0, 1, 1] and known.accuracy == pytest.approx(2 / 3)
    unknown = features([[0.0], [1], [2]], [0, UNKNOWN, 1], [0, 1, 0])
    assert not unknown.labelled and unknown.kinds.tolist() == [0, 1, 0]
    assert len(known) == 3


def test_rounding_is_no_difference():
    assert features([[1.0, 2], [1, 2]], [0, 0], [0, 0]).constant
    assert features([[1e6], [1e6 + 0.5]], [0, 0], [0, 0]).constant
    assert not features([[1.0], [1.1]], [0, 0], [0, 0]).constant


def test_coordinates_are_those_along_the_axes():
    axes = PrincipalAxes(np.array([1.0, 1]), np.array([[0.0, 1], [1, 0]]), np.array([0.9, 0.1]))
    assert axes.coordinates(np.array([[3.0, 7]])).tolist() == [[6.0, 2.0]]
    assert axes.coordinates(np.array([3.0, 7]), 1).tolist() == [6.0]


def test_a_place_has_its_words():
    assert (Place(CALL).title, Place(CALL, reads=True).title) == ("the output of head", "what head reads")
