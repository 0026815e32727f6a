"""The columns that grow behind what was handed out."""

from __future__ import annotations

import numpy as np
import pytest

from models.tensorboard.series import POINT, CurveBuffer, TimedHistogram


def points(*rows):
    return np.array([(index, step, 10.0 * step, value) for index, step, value in rows], POINT)


def test_pieces_are_put_in_the_order_of_their_records():
    curve = CurveBuffer()
    assert curve.extend([points((0, 1, 0.1), (2, 3, 0.3)), points((1, 2, 0.2))]) == 3
    steps, values, walls, order = curve.before(None)
    assert (steps.tolist(), values.tolist(), walls.tolist()) == ([1, 2, 3], [0.1, 0.2, 0.3], [10, 20, 30])
    assert order.tolist() == [0, 1, 2]
    assert [column.tolist() for column in curve.before(3)] == [[1, 2], [0.1, 0.2], [10, 20], [0, 1]]


def test_what_was_handed_out_is_never_written():
    curve = CurveBuffer()
    curve.extend([points(*((index, index, float(index)) for index in range(5)))])
    values = curve.before(None).values
    with pytest.raises(ValueError, match="read-only"):
        values[0] = 7
    assert curve.cut(2) == 3
    curve.extend([points((0, 2, -1.0))])
    assert values.tolist() == [0, 1, 2, 3, 4]
    assert curve.before(None)[1].tolist() == [0, 1, -1]
    assert curve.cut(100) == 0


def test_a_histogram_takes_at_least_one_row():
    assert TimedHistogram(1, 0.0, np.zeros((0, 3))).size == 1
    assert TimedHistogram(1, 0.0, np.zeros((7, 3))).size == 7
