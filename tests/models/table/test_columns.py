"""Columns as a network reads them."""

from __future__ import annotations

import numpy as np
import pytest

from models.table.columns import Columns, Field

VALUES = np.array([[1.0, 0.5, 7.0], [3.0, 1.5, 7.0]])


def fields(*names):
    return [Field(name) for name in names]


def test_columns_are_measured_and_come_back_from_json():
    columns = Columns.of(fields("a", "b", "same"), VALUES)
    assert [(column.low, column.high, column.centre, column.spread) for column in columns.columns] == [
        (1, 3, 2, 1),
        (0.5, 1.5, 1, 0.5),
        (7, 7, 7, 1),
    ]
    assert [column.whole for column in columns.columns] == [True, False, True]
    assert Columns.from_json(columns.to_json()) == columns
    assert columns.digest != Columns.of(fields("a", "c", "same"), VALUES).digest


@pytest.mark.parametrize("damaged", [{}, {"columns": []}, {"columns": [{"name": "a"}]}, {"columns": 3}])
def test_damaged_columns_are_refused(damaged):
    with pytest.raises((KeyError, TypeError, ValueError)):
        Columns.from_json(damaged)


def test_seconds_of_one_afternoon_keep_their_digits():
    """Of seconds since 1970 single precision keeps steps of 128; whose differences are minutes, all is lost."""
    seconds = 1_764_600_000 + np.arange(0.0, 600.0, 1.0)[:, None]
    columns = Columns.of(fields("time"), seconds)
    assert len(np.unique(columns.encode(seconds))) == 600


MIXED = [Field("size"), Field("kind", ("red", "green", "blue")), Field("age")]
ROWS = np.array([[1.0, 0, np.nan], [3.0, 2, 10], [5.0, 2, 30], [7.0, np.nan, np.nan]])


def test_categories_become_one_number_each_and_missing_values_say_so():
    columns = Columns.of(MIXED, ROWS)
    assert [column.width for column in columns.columns] == [1, 4, 2]
    assert columns.of_encoded.tolist() == [0, 1, 1, 1, 1, 2, 2] and columns.width == 7
    encoded = columns.encode(ROWS)
    # The mean of what was learned from is 0 in every number of it.
    np.testing.assert_allclose(encoded.mean(0), 0, atol=1e-6)
    np.testing.assert_allclose(encoded[0], [-3, 0.75, 0, -0.5, -0.25, 0, 0.5])
    np.testing.assert_allclose(encoded[3], [3, -0.25, 0, -0.5, 0.75, 0, 0.5])
    np.testing.assert_array_equal(columns.encode(ROWS[0]), encoded[0])
    assert columns.scales.tolist() == [columns.columns[0].spread, 1, 1, 1, 1, columns.columns[2].spread, 1]
    assert Columns.from_json(columns.to_json()) == columns
    assert [columns.columns[1].word(value) for value in (0, 2, np.nan)] == ["red", "blue", "missing"]


def test_what_nobody_learned_from_is_as_the_mean_or_no_category():
    learned = Columns.of(MIXED, ROWS[1:3])
    encoded = learned.encode(np.array([[np.nan, 0, np.nan], [3, np.nan, 10]]))
    np.testing.assert_allclose(encoded, [[0, 1, 0, -1, 0], [-1, 0, 0, -1, -10]])
    # Of a column without any value in what is learned from.
    empty = Columns.of([Field("a"), Field("b", ("x", "y"))], np.full((3, 2), np.nan))
    np.testing.assert_allclose(empty.encode(np.array([[5.0, 1]])), [[5, -1, 0, 1, -1]])


def test_distances_are_over_spreads_and_one_for_what_differs_otherwise():
    columns = Columns.of(MIXED, ROWS)
    one = np.array([1.0, 0, np.nan])
    far = columns.distance(ROWS, one)
    spread = columns.columns[0].spread
    np.testing.assert_allclose(far, [0, 2 / spread + 1 + 1, 4 / spread + 1 + 1, 6 / spread + 1])
    assert columns.differ(ROWS[0], ROWS[3]).tolist() == [True, True, False]


def test_columns_go_together_by_numbers_alone():
    values = np.column_stack([np.arange(6.0), 2 * np.arange(6.0), [0, 1, 2, 0, 1, 2], np.ones(6)])
    columns = Columns.of([Field("a"), Field("b"), Field("c", ("x", "y", "z")), Field("d")], values)
    found = columns.correlations(values)
    np.testing.assert_allclose(found[0], [1, 1, 0, 0])
    values[0, 0] = np.nan
    assert 0.7 < columns.correlations(values)[0, 1] < 1
