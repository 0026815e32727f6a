"""How an answer depends on one column: partial dependence, each row's own curve, and accumulated local effects.

References: Friedman, Greedy function approximation, 2001 (partial dependence); Goldstein et al., Peeking inside the
black box, 2015 (individual curves); Apley and Zhu, Visualizing the effects of predictor variables, 2020 (ALE).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from dashboard.records.table import Dependence
from models.table.columns import Columns

Rows = NDArray[np.float64]
# Values of the column that are asked for, and bins of the local effects: quantiles of the data, of which ties are one.
POINTS, BINS = 41, 20
# From which correlation on rows with one of two columns changed are said not to exist.
TOGETHER = 0.9


def dependence(answer: Callable[[Rows], Rows], columns: Columns, background: Rows, column: int) -> Dependence:
    """How an answer changes with one column: over its values, or from category to category.

    Args:
        answer: (N, C) -> (N,), what is asked for each row.
        columns: what the rows hold.
        background: (B, C), rows of the data, at least two.
        column: that is changed; of numbers, the data has at least two of it.
    """
    categories = columns.columns[column].categories
    # Rows without a value stay among those whose other columns are as they are.
    known = background[~np.isnan(background[:, column])]
    grid = (
        np.arange(len(categories), dtype=np.float64)
        if categories
        else np.linspace(known[:, column].min(), known[:, column].max(), POINTS)
    )
    moved = np.repeat(background, len(grid), 0)
    moved[:, column] = np.tile(grid, len(background))
    curves = answer(moved).reshape(len(background), len(grid))
    # Between categories there is no way that could be gone in small steps.
    edges, effects = (np.empty(0),) * 2 if categories else _local_effects(answer, known, column)
    others = columns.correlations(background)[column]
    others[column] = 0.0
    partner = int(np.abs(others).argmax())
    return Dependence(
        column=column,
        grid=grid,
        mean=curves.mean(0),
        curves=curves,
        edges=edges,
        effects=effects,
        partner=partner,
        correlation=float(others[partner]),
        together=bool(abs(others[partner]) > TOGETHER) and not categories,
    )


def _local_effects(answer: Callable[[Rows], Rows], background: Rows, column: int) -> tuple[Rows, Rows]:
    """Edges of the bins, (K + 1,), and the effects accumulated up to each, with mean 0 over the data."""
    values = background[:, column]
    edges = np.unique(np.quantile(values, np.linspace(0, 1, BINS + 1), method="inverted_cdf"))
    # The first bin holds its lower end.
    of = np.clip(np.searchsorted(edges, values, side="left") - 1, 0, len(edges) - 2)
    low, high = background.copy(), background.copy()
    low[:, column], high[:, column] = edges[of], edges[of + 1]
    steps, counts = answer(high) - answer(low), np.bincount(of, minlength=len(edges) - 1)
    means = np.bincount(of, steps, minlength=len(edges) - 1) / np.maximum(counts, 1)
    effects = np.concatenate([[0.0], means.cumsum()])
    middles = (effects[:-1] + effects[1:]) / 2
    return edges, effects - (middles * counts).sum() / counts.sum()
