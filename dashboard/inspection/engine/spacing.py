"""A few of many places, evenly apart."""

from __future__ import annotations

import numpy as np


def evenly_spaced(count: int, most: int) -> list[int]:
    """At most so many of the places 0 to count - 1 in ascending order, the first and the last among them.

    Args:
        count: of all places, at least 0; all are taken where they are no more than `most`.
        most: how many are taken, at least 2.
    """
    if count <= most:
        return list(range(count))
    return sorted({round(place) for place in np.linspace(0, count - 1, most)})
