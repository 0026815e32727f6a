"""A power law fitted to the largest of some numbers."""

from __future__ import annotations

import numpy as np

from dashboard.records.weights import PowerLaw

# A tail of fewer numbers tells nothing, and neither do fewer numbers altogether.
SHORTEST_TAIL, FEWEST = 10, 50
# Places where the tail may begin that are tried, evenly among the sorted numbers.
MOST_STARTS = 1000


def power_law(values: np.ndarray) -> PowerLaw | None:
    """The power law that fits the tail best: its beginning is where the fit's distance is smallest.

    For each beginning, alpha is the most likely one: 1 + n / sum ln(x / xmin).

    Args:
        values: (n,) in any order; those that are not above 0 are left out.

    Returns:
        None for fewer than 50 numbers, and where all are alike.

    Reference: Clauset, Shalizi and Newman, Power-law distributions in empirical data, 2009.
    """
    x = np.sort(np.asarray(values, float)[np.asarray(values) > 0])
    if len(x) < FEWEST or x[-SHORTEST_TAIL] == x[-1]:
        return None
    starts = np.unique(np.linspace(0, len(x) - SHORTEST_TAIL, MOST_STARTS).round().astype(int))
    # Of equal numbers the tail takes all.
    fits = (_fit(x[start:]) for start in np.unique(np.searchsorted(x, x[starts])))
    return min(fits, key=lambda law: law.distance)


def _fit(tail: np.ndarray) -> PowerLaw:
    """The most likely law of a sorted tail, which begins with its smallest number."""
    n, logarithms = len(tail), np.log(tail / tail[0])
    alpha = 1 + n / logarithms.sum()
    shares = 1 - np.exp(-(alpha - 1) * logarithms)
    ranks = np.arange(n + 1) / n
    distance = max(abs(shares - ranks[1:]).max(), abs(shares - ranks[:-1]).max())
    return PowerLaw(float(alpha), float(tail[0]), float(distance), n)
