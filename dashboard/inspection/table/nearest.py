"""The nearest row of the data that a network calls something else: a neighbour that exists."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dashboard.records.table import NearestOther
from models.table.columns import Columns, Values


def nearest_other(
    columns: Columns,
    row: Values,
    rows: Values,
    answers: NDArray[np.int64],
    labels: NDArray[np.int64],
    winner: int,
) -> NearestOther | None:
    """The row that is nearest among those with another answer; None where all have the same.

    Args:
        columns: what the rows hold.
        row: (C,), that is looked at.
        rows: (N, C), of the data.
        answers: (N,) class that the network gives each of them.
        labels: (N,) class that each of them has.
        winner: class that the network gives the row.
    """
    others = np.flatnonzero(answers != winner)
    if not len(others):
        return None
    far = columns.distance(rows[others], row)
    place = int(others[far.argmin()])
    gaps = np.array(
        [
            columns.distance(np.where(np.arange(len(row)) == column, rows[place], row), row)
            for column in range(len(row))
        ]
    )
    differ = [int(column) for column in np.argsort(-gaps, kind="stable") if gaps[column] > 0]
    return NearestOther(
        place=place,
        row=rows[place],
        answer=int(answers[place]),
        label=int(labels[place]),
        distance=float(far.min()),
        columns=tuple(differ),
        shares=gaps[differ] / gaps.sum(),
    )
