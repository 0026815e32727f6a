"""The change between two pictures, made visible."""

from __future__ import annotations

import numpy as np

from dashboard.charts import maps

# Grey is no change; what is farthest from it is as dark or bright as can be.
MIDDLE = 128


def factor(before: np.ndarray, after: np.ndarray) -> int:
    """How many times a change can be made larger until it fills the range; 1 where there is none.

    Args:
        before: (H, W, 3) uint8.
        after: the same.
    """
    largest = int(np.abs(after.astype(int) - before).max())
    return max(1, (MIDDLE - 1) // largest) if largest else 1


def amplified(before: np.ndarray, after: np.ndarray) -> bytes:
    """The change, so many times larger, on grey, at the drawing size."""
    change = (after.astype(int) - before) * factor(before, after)
    picture = maps.enlarge(np.clip(MIDDLE + change, 0, 255).astype(np.uint8))
    return maps.png(picture)
