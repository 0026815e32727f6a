"""Columns as a network reads them."""

from __future__ import annotations

import numpy as np
import pytest

from models.table.columns import Columns

VALUES = np.array([[1.0, 0.5, 7.0], [3.0, 1.5, 7.0]])


def test_columns_are_measured_and_come_back_from_json():
    columns = Columns.of(("a", "b", "same"), VALUES)
    assert [(column.low, column.high, column.centre, column.spread) for column in columns.columns] == [
        (1, 3, 2, 1),
        (0.5, 1.5, 1, 0.5),
        (7, 7, 7, 1),
    ]
    assert [column.whole for column in columns.columns] == [True, False, True]
    assert Columns.from_json(columns.to_json()) == columns
    assert columns.digest != Columns.of(("a", "c", "same"), VALUES).digest


@pytest.mark.parametrize("damaged", [{}, {"columns": []}, {"columns": [{"name": "a"}]}, {"columns": 3}])
def test_damaged_columns_are_refused(damaged):
    with pytest.raises((KeyError, TypeError, ValueError)):
        Columns.from_json(damaged)


def test_seconds_of_one_afternoon_keep_their_digits():
    """Of seconds since 1970 single precision keeps steps of 128; whose differences are minutes, all is lost."""
    seconds = 1_764_600_000 + np.arange(0.0, 600.0, 1.0)[:, None]
    columns = Columns.of(("time",), seconds)
    assert len(np.unique(columns.encode(seconds))) == 600
