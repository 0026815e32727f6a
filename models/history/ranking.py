"""The first films of a ranking that were not chosen before, and how often the next choice is among them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.history.catalogue import PAD

# Films that are recommended.
COUNT = 10


def rank(scores: NDArray[np.float64], chosen: NDArray[np.int64], count: int = COUNT) -> NDArray[np.int64]:
    """Places of the films of the highest scores that are not in the history, the best first.

    Args:
        scores: (N, F), or (F,) where they are everybody's.
        chosen: ids of histories, (N, L), filled up with PAD.
        count: how many, of a catalogue that has as many films beside a history.

    Returns:
        (N, count).
    """
    left = np.array(np.broadcast_to(scores, (len(chosen), scores.shape[-1])), np.float64)
    people, places = np.nonzero(chosen != PAD)
    left[people, chosen[people, places] - 1] = -np.inf
    return np.argsort(-left, axis=1, kind="stable")[:, :count]


def hits(
    scores: NDArray[np.float64], chosen: NDArray[np.int64], targets: NDArray[np.int64], count: int = COUNT
) -> NDArray[np.bool_]:
    """Whether the next choice (N,) of each is among the first of its ranking; arguments as of `rank`."""
    return np.asarray((rank(scores, chosen, count) == targets[:, None]).any(1))
