"""What a tree on columns asks about."""

from __future__ import annotations

import numpy as np

from dashboard.inspection.surrogate.reading import readings_of
from dashboard.inspection.surrogate.tree import grow
from dashboard.inspection.table.surrogate import row_features
from models.table.columns import Columns, Field

DRAWS = np.random.default_rng(0)


def test_numbers_stay_and_categories_and_gaps_are_so_or_not():
    values = np.array([[1.5, 0, np.nan], [2.5, 1, 7], [3.5, np.nan, 9]])
    columns = Columns.of([Field("size"), Field("kind", ("red", "blue")), Field("age")], values)
    found = row_features(columns, values)
    assert found.names == (
        "size",
        *("whether kind is red", "whether kind is blue", "whether kind is missing"),
        *("age", "whether age is missing"),
    )
    np.testing.assert_array_equal(
        found.values, [[1.5, 1, 0, 0, 8, 1], [2.5, 0, 1, 0, 7, 0], [3.5, 0, 0, 1, 9, 0]]
    )


def test_seconds_of_one_afternoon_are_told_from_their_mean():
    """Single precision makes six values of 600 seconds since 1970."""
    seconds = 1_764_600_000 + np.arange(0.0, 600.0)[:, None]
    columns = Columns.of([Field("time")], seconds)
    found = row_features(columns, seconds)
    assert found.names == ("time less 1764600300",) and len(np.unique(found.values)) == 600


def test_a_tree_finds_the_category_that_a_network_asks_for():
    values = np.column_stack([DRAWS.normal(size=400), DRAWS.integers(0, 3, 400)])
    columns = Columns.of([Field("size"), Field("kind", ("red", "green", "blue"))], values)
    answers = (values[:, 1] == 1).astype(np.int64)
    found = grow(readings_of(answers, answers, np.arange(400) >= 300), row_features(columns, values))
    assert found.tree.names[found.tree.feature[0]] == "whether kind is green"
    assert found.fidelity[1].held_out == 1
