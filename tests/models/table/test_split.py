"""Rows that are the same stay on one side."""

from __future__ import annotations

import numpy as np

from models.table.split import TEST, count_shared, part


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


def test_where_few_rows_stand_again_and_again_each_goes_its_own_way():
    values = np.column_stack([np.arange(60) % 2, np.arange(60) % 3]).astype(float)
    targets = np.arange(60) % 2
    train, test = part(values, targets)
    assert (len(train), len(test)) == (45, 15) and abs((targets[test] == 1).sum() - 7.5) < 1
    assert count_shared(values, train, test) == 15
    apart = np.arange(60.0)[:, None]
    assert count_shared(apart, *part(apart, targets)) == 0
