"""Who is nearest to whom among features, and what the nearest alone would answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dashboard.records.embedding import UNKNOWN, Neighbours

# Rows that are compared with all others at a time.
ROWS = 256


@dataclass(frozen=True)
class Metric:
    """A way to measure how far features are from each other.

    Attributes:
        title: on a control.
        means: what it compares, in words.
        distances: (N, D) and (D,) -> (N,), how far each is from the one.
        ranks: (N, D) and rows of it -> (n, N) that rank all as the distances from those rows do.
    """

    title: str
    means: str
    distances: Callable[[np.ndarray, np.ndarray], np.ndarray]
    ranks: Callable[[np.ndarray, slice], np.ndarray]


def _lengths(values: np.ndarray, picture: np.ndarray) -> np.ndarray:
    return np.asarray(np.linalg.norm(values - picture, axis=1))


def _squares(values: np.ndarray, rows: slice) -> np.ndarray:
    # Smaller numbers lose less where squares are subtracted.
    centred = values - values.mean(0)
    squares = (centred**2).sum(1)
    return np.asarray(squares[rows, None] + squares - 2 * centred[rows] @ centred.T)


def _angles(values: np.ndarray, picture: np.ndarray) -> np.ndarray:
    units, unit = _units(values), _units(picture)
    # Of two units, 1 minus the cosine is half the squared distance, which is exactly zero for equal ones.
    apart = ((units - unit) ** 2).sum(1) / 2
    zero = ~units.any(1) | ~unit.any()
    return np.where(zero, 1.0, apart)


def _cosines(values: np.ndarray, rows: slice) -> np.ndarray:
    units = _units(values)
    return np.asarray(1 - units[rows] @ units.T)


def _units(values: np.ndarray) -> np.ndarray:
    """Rows of length one; a row of zeros stays so."""
    lengths = np.linalg.norm(values, axis=-1, keepdims=True)
    return np.asarray(values / np.where(lengths > 0, lengths, 1))


METRICS: dict[str, Metric] = {
    "euclid": Metric(
        "Euclidean", "the length of the difference of two pictures' features", _lengths, _squares
    ),
    "cosine": Metric(
        "Cosine",
        "1 minus the cosine of the angle between two pictures' features, whatever their sizes",
        _angles,
        _cosines,
    ),
}


def nearest_neighbours(
    values: np.ndarray, picture: np.ndarray, *, metric: Metric, count: int, among: np.ndarray
) -> Neighbours:
    """The pictures nearest to one.

    Args:
        values: (N, D), finite.
        picture: (D,), finite.
        metric: how far is measured.
        count: how many; fewer where there are not so many. Of equally near ones the first counts.
        among: (N,) bool, which may be named.
    """
    rows = np.flatnonzero(among)
    distances = metric.distances(values[rows].astype(float), picture.astype(float))
    order = np.argsort(distances, kind="stable")[:count]
    return Neighbours(rows[order], distances[order])


def classify_by_neighbours(
    values: np.ndarray, kinds: np.ndarray, *, groups: np.ndarray, metric: Metric, count: int
) -> np.ndarray:
    """The kind that each picture would be of by the majority of its nearest others (k-NN, leaving one out).

    Args:
        values: (N, D), finite.
        kinds: (N,) int, what they are of; at least 0.
        groups: (N,) int; pictures of one group do not count for each other.
        metric: how far is measured.
        count: of the nearest; fewer where there are not so many.

    Returns:
        (N,) int, UNKNOWN where there are no others. Of equally many the kind of the nearest counts.

    Reference: Fix and Hodges, Discriminatory analysis: nonparametric discrimination, 1951.
    """
    values = values.astype(float)
    # The nearest outweighs all that come after it together, and all of these weigh less than one vote.
    weights = 1 + 0.5 ** np.arange(2, count + 2)
    majority = np.full(len(values), UNKNOWN)
    for start in range(0, len(values), ROWS):
        part = slice(start, start + ROWS)
        apart = metric.ranks(values, part)
        apart[groups[part, None] == groups] = np.inf
        order = np.argsort(apart, axis=1, kind="stable")[:, :count]
        there = np.isfinite(np.take_along_axis(apart, order, axis=1))
        votes = np.zeros((len(order), int(kinds.max()) + 1))
        rows = np.broadcast_to(np.arange(len(order))[:, None], order.shape)
        np.add.at(votes, (rows, kinds[order]), there * weights[: order.shape[1]])
        majority[part] = np.where(there.any(1), votes.argmax(1), UNKNOWN)
    return majority
