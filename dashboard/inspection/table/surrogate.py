"""Columns as what a tree may ask about: a tree on them imitates a network for tables."""

from __future__ import annotations

import numpy as np

from dashboard.inspection.surrogate.features import Features
from models.table.columns import Column, Columns, Values

# Letters of a name in a drawing.
LONGEST = 18
# Of a column's spread, what single precision may lose of its values before they are told from its mean instead.
LOST = 1e-3


def row_features(columns: Columns, values: Values) -> Features:
    """Numbers as the table has them, and of each category and each missing value whether it is so.

    A tree reads single precision: of seconds since 1970 it would see steps of 128, so such a column is told as the
    difference from its mean.

    Args:
        columns: of a network.
        values: (N, C), rows as the table has them.
    """
    names: list[str] = []
    short: list[str] = []
    parts: list[np.ndarray] = []
    for place, column in enumerate(columns.columns):
        of = values[:, place]
        if column.categories:
            for number, category in enumerate(column.categories):
                names.append(f"whether {column.name} is {category}")
                short.append(_short(f"{column.name} {category}"))
                parts.append(of == number)
        else:
            start = _start(column)
            names.append(column.name if not start else f"{column.name} less {start:.15g}")
            short.append(_short(column.name))
            parts.append(np.where(np.isnan(of), column.centre, of) - start)
        if column.missing:
            names.append(f"whether {column.name} is missing")
            short.append(_short(f"no {column.name}"))
            parts.append(np.isnan(of))
    return Features(tuple(names), tuple(short), np.stack(parts, 1).astype(np.float32))


def _start(column: Column) -> float:
    lost = np.spacing(np.float32(max(abs(column.low), abs(column.high))))
    return float(round(column.centre)) if lost > LOST * column.spread else 0.0


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
