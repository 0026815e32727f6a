"""What networks for tables are held against: a logistic regression on what they read, each number over its spread."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.table.columns import Columns
from models.table.tables import Rows

TITLE = "logistic regression"
# Rows that it is fitted to; of more, a draw, which it hardly loses by.
MOST_ROWS, SEED = 20_000, 0


def baseline_answers(columns: Columns, rows: Rows) -> NDArray[np.int64]:
    """Fit it on the rows that are learned from; its class for each of the test rows, (N,)."""
    from sklearn.linear_model import LogisticRegression

    drawn = np.random.default_rng(SEED).permutation(len(rows.targets["train"]))[:MOST_ROWS]
    fitted = LogisticRegression(max_iter=1000).fit(
        _read(columns, rows.values["train"][drawn]), rows.targets["train"][drawn]
    )
    return np.asarray(fitted.predict(_read(columns, rows.values["test"])))


def _read(columns: Columns, values: NDArray[np.float64]) -> NDArray[np.float64]:
    return columns.encode(values) / columns.scales
