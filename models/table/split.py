"""Which rows of a table are learned from and which are looked at once, at the end."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.table.columns import Values

# A quarter is looked at; drawn from each class alike, since many tables are sorted by class.
TEST, SEED = 0.25, 0
# Rows that a class has at least: some to learn from, some kept back, some to look at.
FEWEST = 5
Places = NDArray[np.int64]


def part(values: Values, targets: NDArray[np.int64]) -> tuple[Places, Places]:
    """Places of the rows that are learned from, and of those that are looked at, each in the table's order.

    Rows that hold the same stay together: on either side, they would be learned from and tested with. Only where a
    table is little else than a few rows again and again each goes its own way; see `count_shared`.

    Args:
        values: (N, C), NaN where a value is missing.
        targets: (N,) class indices; of each class at least FEWEST rows.
    """
    from sklearn.model_selection import train_test_split

    first, group = _groups(values)
    # In the table's order, on which the draw depends.
    firsts = np.sort(first)
    different = np.bincount(targets[firsts], minlength=targets.max() + 1)
    alone = len(firsts) == len(values) or different[np.unique(targets)].min() < FEWEST
    drawn = np.arange(len(values)) if alone else firsts
    train, test = train_test_split(drawn, test_size=TEST, random_state=SEED, stratify=targets[drawn])
    # Where nothing stands twice, in the order of the draw, as the networks on board learned from it.
    if alone:
        return train, test
    learned = np.isin(first[group], train)
    return np.flatnonzero(learned), np.flatnonzero(~learned)


def count_shared(values: Values, train: Places, test: Places) -> int:
    """How many of the rows that are looked at hold the same as one that is learned from."""
    _, group = _groups(values)
    return int(np.isin(group[test], group[train]).sum())


def _groups(values: Values) -> tuple[Places, Places]:
    """Place of the first of each kind of rows, and the kind that each row is of; two missing values are the same."""
    _, first, group = np.unique(
        np.nan_to_num(values, nan=np.inf), axis=0, return_index=True, return_inverse=True
    )
    return first, group
