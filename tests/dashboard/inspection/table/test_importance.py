"""Columns that a network needs are told from those that it does not, and from those that stand in for each other."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.inspection.table.importance import DRAWS as DRAWS_OF_IT
from dashboard.inspection.table.importance import MOST_ROWS, importance
from models.table.columns import Columns, Field

DRAWS = np.random.default_rng(0)
ROWS = DRAWS.normal(size=(300, 4))
ROWS[:, 3] = 7.0
LABELS = (ROWS[:, 0] > 0).astype(np.int64)


def needs(classify, rows, labels):
    columns = Columns.of([Field(str(place)) for place in range(rows.shape[1])], rows)
    return importance(classify, columns, rows, labels)


def by_first(rows):
    return (rows[:, 0] > 0).astype(np.int64)


def test_the_planted_column_is_needed_and_no_other():
    found = needs(by_first, ROWS, LABELS)
    assert found.accuracy == 1 and found.needed == [0]
    # Another row's sign is right by chance.
    share = LABELS.mean()
    assert found.lost[0] == pytest.approx(2 * share * (1 - share), abs=0.01)
    assert found.low[0] < found.lost[0] < found.high[0]
    # What nothing depends on, and what is constant, costs exactly nothing.
    assert found.lost[1:].tolist() == found.low[1:].tolist() == found.high[1:].tolist() == [0, 0, 0]


def test_twins_stand_in_for_each_other_and_are_said_to():
    rows = np.column_stack([ROWS[:, 0], ROWS[:, 0] + 1e-3 * ROWS[:, 1], ROWS[:, 2]])
    found = needs(lambda some: (some[:, 0] + some[:, 1] > 0).astype(np.int64), rows, LABELS)
    assert found.twins == ((0, 1),)
    assert found.lost[0] < 0.8 * needs(by_first, rows, LABELS).lost[0]
    assert needs(by_first, ROWS, LABELS).twins == ()


def test_a_network_that_guesses_needs_nothing():
    found = needs(lambda rows: np.zeros(len(rows), np.int64), ROWS, LABELS)
    assert not found.needed and np.abs(found.lost).max() == 0


def test_intervals_hold_what_another_set_of_rows_says():
    """Of 100 sets of rows, in how many the interval of one holds the mean over all."""
    losses, held = [], []
    for seed in range(100):
        rows = np.random.default_rng(seed).normal(size=(60, 2))
        found = needs(by_first, rows, (rows[:, 0] > 0).astype(np.int64))
        losses.append(found.lost[0])
        held.append((found.low[0], found.high[0]))
    truth = float(np.mean(losses))
    assert sum(low <= truth <= high for low, high in held) >= 93


def test_missing_values_and_categories_are_another_rows():
    rows = np.column_stack([np.where(np.arange(300) % 3, np.nan, ROWS[:, 0]), np.arange(300) % 4])
    columns = Columns.of([Field("gap"), Field("kind", ("a", "b", "c", "d"))], rows)
    found = importance(
        lambda some: np.isnan(some[:, 0]).astype(np.int64),
        columns,
        rows,
        np.isnan(rows[:, 0]).astype(np.int64),
    )
    assert found.needed == [0] and found.twins == () and found.accuracy == 1


def test_of_very_many_rows_a_draw_is_looked_at():
    rows = DRAWS.normal(size=(30_000, 2))
    asked = []

    def classify(some):
        asked.append(len(some))
        return (some[:, 0] > 0).astype(np.int64)

    found = needs(classify, rows, (rows[:, 0] > 0).astype(np.int64))
    assert found.needed == [0] and found.lost[0] == pytest.approx(0.5, abs=0.02)
    assert sum(asked) == MOST_ROWS * (1 + 2 * DRAWS_OF_IT)
