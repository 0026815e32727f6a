"""The nearest row that exists and is called something else, by brute force."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.inspection.table.nearest import nearest_other
from models.table.columns import Columns, Field

DRAWS = np.random.default_rng(0)
VALUES = np.column_stack([DRAWS.normal(size=50), DRAWS.integers(0, 3, 50), DRAWS.normal(size=50) * 100])
VALUES[::7, 2] = np.nan
COLUMNS = Columns.of([Field("a"), Field("kind", ("x", "y", "z")), Field("b")], VALUES)
ANSWERS = DRAWS.integers(0, 2, 50)


def test_it_is_the_nearest_of_all():
    found = nearest_other(COLUMNS, VALUES[3], VALUES, ANSWERS, ANSWERS, int(ANSWERS[3]))
    assert found is not None
    far = {
        place: float(COLUMNS.distance(VALUES[place], VALUES[3]))
        for place in range(50)
        if ANSWERS[place] != ANSWERS[3]
    }
    assert found.place == min(far, key=far.__getitem__)
    assert found.distance == pytest.approx(min(far.values())) and found.answer != ANSWERS[3]
    # What sets it apart adds up to all of it, the largest first.
    assert found.shares.sum() == pytest.approx(1) and (np.diff(found.shares) <= 0).all()


def test_where_all_have_one_answer_there_is_none():
    ones = np.ones(50, np.int64)
    assert nearest_other(COLUMNS, VALUES[0], VALUES, ones, ones, 1) is None
