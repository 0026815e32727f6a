"""How a network treats groups of rows: rates of answers and of errors in each, and their gaps, with intervals.

Rates by group as in Hardt, Price and Srebro, Equality of opportunity in supervised learning, 2016, and Barocas, Hardt
and Narayanan, Fairness and machine learning, 2023. A gap here is signed, and has the interval of a difference of two
shares (Newcombe 1998): the largest less the smallest of several groups is above zero even where all are treated alike.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dashboard.records.table import GroupRate, Groups
from models.table.columns import Column, Values
from models.training.effect import count_interval, counts_interval

# Groups of a column of numbers: equal parts of its rows.
PARTS = 4
# Rows that a group has at least; of fewer nothing is said.
FEWEST = 10
Flags = NDArray[np.bool_]


def group_rows(column: Column, values: Values) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """The group that each row is in, (N,), -1 where its value is missing, and what the groups are called."""
    known = ~np.isnan(values)
    of = np.full(len(values), -1)
    if column.categories:
        of[known] = values[known].astype(np.int64)
        return of, column.categories
    edges = np.unique(np.quantile(values[known], np.linspace(0, 1, PARTS + 1), method="inverted_cdf"))
    if len(edges) < 2:
        of[known] = 0
        return of, (f"{edges[0]:.4g}",)
    of[known] = np.clip(np.searchsorted(edges, values[known], side="left") - 1, 0, len(edges) - 2)
    names = [f"{low:.4g} to {high:.4g}" for low, high in itertools.pairwise(edges)]
    return of, tuple(names)


def groups(
    column: Column,
    values: Values,
    answers: NDArray[np.int64],
    labels: NDArray[np.int64],
    target: int,
) -> Groups:
    """How often the rows of each group are called a class, and how often that is wrong.

    Args:
        column: that tells the groups.
        values: (N,) of the column.
        answers: (N,) class that the network gives each row.
        labels: (N,) class that each row has.
        target: the class that is counted.
    """
    of, names = group_rows(column, values)
    called, are = answers == target, labels == target
    rates = {
        "called": _rates(of, names, called, np.ones(len(of), bool)),
        "right": _rates(of, names, answers == labels, np.ones(len(of), bool)),
        "missed": _rates(of, names, ~called, are),
        "wrongly": _rates(of, names, called, ~are),
    }
    return Groups(
        column=column.name,
        names=names,
        counts=np.array([(of == place).sum() for place in range(len(names))]),
        missing=int((of < 0).sum()),
        target=target,
        rates=rates,
    )


def _rates(of: NDArray[np.int64], names: Sequence[str], hits: Flags, among: Flags) -> tuple[GroupRate, ...]:
    """The share of hits in each group among some rows, with its gap to all other groups together."""
    found = []
    for place in range(len(names)):
        mine, others = among & (of == place), among & (of >= 0) & (of != place)
        count, rest = int(mine.sum()), int(others.sum())
        if count < FEWEST:
            found.append(GroupRate(count, None))
            continue
        right, theirs = int((hits & mine).sum()), int((hits & others).sum())
        low, high = count_interval(right, count)
        gap = (
            None
            if rest < FEWEST
            else (right / count - theirs / rest, *counts_interval(theirs, rest, right, count))
        )
        found.append(GroupRate(count, right / count, low, high, gap))
    return tuple(found)
