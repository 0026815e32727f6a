"""Which rows of a table are learned from and which are looked at once, at the end."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.table.columns import Values

# A quarter is looked at; drawn from each class alike, since many tables are sorted by class.
TEST, SEED = 0.25, 0
Places = NDArray[np.int64]


def part(values: Values, targets: NDArray[np.int64]) -> tuple[Places, Places]:
    """Places of the rows that are learned from, and of those that are looked at, each in the table's order.

    Rows that hold the same stay together: on either side, they would be learned from and tested with.

    Args:
        values: (N, C), NaN where a value is missing.
        targets: (N,) class indices; of each class at least two rows differ.
    """
    from sklearn.model_selection import train_test_split

    # Two missing values are the same.
    _, first, group = np.unique(
        np.nan_to_num(values, nan=np.inf), axis=0, return_index=True, return_inverse=True
    )
    # In the table's order, on which the draw depends.
    firsts = np.sort(first)
    train, test = train_test_split(firsts, test_size=TEST, random_state=SEED, stratify=targets[firsts])
    learned = np.isin(first[group], train)
    # Where nothing stands twice, in the order of the draw, as the networks on board learned from it.
    if len(firsts) == len(values):
        return train, test
    return np.flatnonzero(learned), np.flatnonzero(~learned)
