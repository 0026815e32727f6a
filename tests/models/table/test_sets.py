"""The tables that come with scikit-learn, as they really are."""

from __future__ import annotations

import numpy as np
import pytest

from models.table import TABLE_SETS


@pytest.mark.parametrize("table", TABLE_SETS.values(), ids=lambda table: table.name)
def test_what_is_said_of_a_table_is_what_it_holds(table):
    rows = table.load()
    assert {split: len(values) for split, values in rows.values.items()} == dict(table.counts)
    for split, values in rows.values.items():
        assert values.shape == (len(rows.targets[split]), len(rows.fields)) and np.isfinite(values).all()
        # Two of them are sorted by class: each part has its share of each class all the same.
        assert set(rows.targets[split].tolist()) == set(range(len(table.classes)))
        shares = np.bincount(rows.targets[split]) / len(values)
        whole = np.bincount(np.concatenate(list(rows.targets.values())))
        assert np.abs(shares - whole / whole.sum()).max() < 0.02
    # No row is on both sides, although iris has one twice.
    sides = [{tuple(row) for row in values.tolist()} for values in rows.values.values()]
    assert not sides[0] & sides[1]
    assert table.load() is rows


def test_one_means_benign():
    rows = TABLE_SETS["breast-cancer"].load()
    benign = rows.targets["train"] == TABLE_SETS["breast-cancer"].classes.index("benign")
    radius = [field.name for field in rows.fields].index("mean radius")
    assert rows.values["train"][benign, radius].mean() < rows.values["train"][~benign, radius].mean() - 4
