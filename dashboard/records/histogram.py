"""How numbers are spread: counts in bins of any width, and the same counts in other bins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dashboard.records.arrays import ArrayRecord


@dataclass(frozen=True, eq=False)
class Histogram(ArrayRecord):
    """Counts in bins that do not overlap, those that hold nothing left out.

    A bin of no width holds numbers that are all the same, and can hold most of them.

    Attributes:
        left: (n,) ascending, where each bin begins.
        right: (n,) where it ends; left[i] <= right[i] <= left[i + 1].
        counts: (n,) above 0.
    """

    left: np.ndarray
    right: np.ndarray
    counts: np.ndarray

    @property
    def total(self) -> float:
        """How many numbers were counted."""
        return float(self.counts.sum())

    def count_below(self, places: np.ndarray) -> np.ndarray:
        """How many numbers are at most each place: (m,) -> (m,); within a bin they are taken to be spread evenly."""
        if not len(self.counts):
            return np.zeros(len(places))
        ends = np.stack([self.left, self.right], 1).ravel().astype(float)
        passed = np.repeat(np.cumsum(self.counts, dtype=float), 2)
        passed[::2] -= self.counts
        return np.asarray(np.interp(places, ends, passed, left=0.0, right=self.total))

    def rebin(self, edges: np.ndarray) -> np.ndarray:
        """The counts in other bins, what lies outside left out: (m + 1,) ascending edges -> (m,).

        Numbers that are all the same and on an edge belong to the bin that ends there, on the first to the first.
        """
        first = self.counts[(self.left == edges[0]) & (self.right == edges[0])].sum()
        return np.diff(self.count_below(edges) - np.where(np.arange(len(edges)), 0, first))

    def sizes(self) -> Histogram:
        """The histogram of the numbers' sizes |x|; a bin that holds 0 begins at 0."""
        left, right = self.left.astype(float), self.right.astype(float)
        low = np.where((left <= 0) & (right >= 0), 0.0, np.minimum(abs(left), abs(right)))
        high = np.maximum(abs(left), abs(right))
        edges = np.unique(np.concatenate([low, high]))
        spread = np.zeros(max(len(edges) - 1, 0))
        for side in (right > 0, right <= 0):
            wide = side & (low < high)
            order = np.argsort(low[wide])
            half = Histogram(low[wide][order], high[wide][order], self.counts[wide][order])
            spread += half.rebin(edges) if order.size else 0
        same = np.zeros(len(edges))
        np.add.at(same, np.searchsorted(edges, low[low == high]), self.counts[low == high])
        # Each edge as a bin of no width, then the bin that begins there.
        counts = np.stack([same, np.append(spread, 0)[: len(edges)]], 1).ravel()
        ends = np.repeat(edges, 2)
        kept = counts > 0
        return Histogram(ends[kept], np.append(ends[1:], ends[-1:])[kept], counts[kept])

    def coarsen(self, width: float) -> Histogram:
        """The same counts in fewer bins: neighbours are joined up to that width, wider ones stay."""
        if len(self.counts) < 2 or not width > 0:
            return self
        places = np.floor((self.left.astype(float) + self.right) / 2 / width)
        starts = np.flatnonzero(np.diff(places, prepend=places[0] - 1))
        ends = np.append(starts[1:], len(places)) - 1
        return Histogram(self.left[starts], self.right[ends], np.add.reduceat(self.counts, starts))

    def quantile(self, share: float) -> float:
        """The value below which that share of the numbers lies, in [0, 1]; NaN where there is none."""
        if not len(self.counts):
            return float("nan")
        ends = np.stack([self.left, self.right], 1).ravel().astype(float)
        passed = np.repeat(np.cumsum(self.counts, dtype=float), 2)
        passed[::2] -= self.counts
        return float(np.interp(share * self.total, passed, ends))
