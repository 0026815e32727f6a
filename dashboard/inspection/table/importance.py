"""Which columns a network needs: what it gets wrong when a column is another row's.

Reference: Breiman, Random forests, Machine Learning 45, 2001; Fisher, Rudin and Dominici, All models are wrong, 2019.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from dashboard.inspection.engine.progress import Progress, ignore
from dashboard.inspection.table.dependence import TOGETHER
from dashboard.records.table import Importance
from models.table.columns import Columns

# Draws of rows and of their shuffles, of which the middle 95 % are the interval.
DRAWS, SEED = 200, 0
# Rows of one pass, and of all that are looked at: of more, a draw, whose intervals say what it leaves open.
AT_ONCE, MOST_ROWS = 50_000, 2000
Rows = NDArray[np.float64]


def importance(
    classify: Callable[[Rows], NDArray[np.int64]],
    columns: Columns,
    rows: Rows,
    labels: NDArray[np.int64],
    progress: Progress = ignore,
) -> Importance:
    """What each column adds to the share of rows that are right.

    Each draw takes as many rows as there are, with repetition, and shuffles a column among them: the spread of the
    draws is that of other rows and of other shuffles together.

    Args:
        classify: (N, C) -> class indices of shape (N,).
        columns: what the rows hold.
        rows: (N, C), which nobody learned from.
        labels: (N,) class indices.
        progress: told the share done; what it raises ends the work.
    """
    draws = np.random.default_rng(SEED)
    if len(rows) > MOST_ROWS:
        some_rows = draws.permutation(len(rows))[:MOST_ROWS]
        rows, labels = rows[some_rows], labels[some_rows]
    count = len(rows)
    picked = draws.integers(0, count, (DRAWS, count))
    right = classify(rows) == labels
    lost = np.empty((rows.shape[1], DRAWS))
    some = max(1, AT_ONCE // count)
    for column in range(rows.shape[1]):
        progress(column / rows.shape[1])
        shuffled = draws.permuted(rows[picked, column], axis=1)
        for first in range(0, DRAWS, some):
            part = slice(first, first + some)
            moved = rows[picked[part]]
            moved[..., column] = shuffled[part]
            answers = classify(moved.reshape(-1, rows.shape[1])).reshape(-1, count)
            wrong = (answers != labels[picked[part]]).mean(1)
            lost[column, part] = wrong - (1 - right[picked[part]]).mean(1)
    low, high = np.quantile(lost, [0.025, 0.975], axis=1)
    return Importance(
        accuracy=float(right.mean()), lost=lost.mean(1), low=low, high=high, twins=_twins(columns, rows)
    )


def _twins(columns: Columns, rows: Rows) -> tuple[tuple[int, int], ...]:
    """Pairs of columns that say nearly the same, each of which can be missed because the other is there."""
    alike = np.abs(columns.correlations(rows))
    return tuple((int(one), int(other)) for one, other in np.argwhere(np.triu(alike, 1) > TOGETHER))
