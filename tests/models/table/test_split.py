"""Rows that are the same stay on one side."""

from __future__ import annotations

import numpy as np

from models.table.split import TEST, part


def test_the_same_rows_stay_together_and_classes_keep_their_shares():
    draws = np.random.default_rng(0)
    values = draws.integers(0, 4, (400, 3)).astype(float)
    values[draws.random(values.shape) < 0.1] = np.nan
    targets = draws.integers(0, 2, 400)
    train, test = part(values, targets)
    assert sorted([*train, *test]) == list(range(400))
    sides = [
        {tuple(row) for row in np.nan_to_num(values[places], nan=-1).tolist()} for places in (train, test)
    ]
    assert not sides[0] & sides[1]
    assert abs(len(test) / 400 - TEST) < 0.05


def test_of_different_rows_a_quarter_is_looked_at():
    train, test = part(np.arange(40.0)[:, None], np.repeat([0, 1], 20))
    assert (len(train), len(test)) == (30, 10) and (test < 20).sum() == 5
