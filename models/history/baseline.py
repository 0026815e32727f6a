"""What networks that recommend are held against: the same films for everybody, and who knows everybody's taste."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.history.catalogue import PAD
from models.history.histories import Histories

TRAIN = "train"


def popularity(histories: Histories) -> NDArray[np.float64]:
    """How often each film was chosen by who is learned from, (F,)."""
    ids = np.concatenate([histories.chosen[TRAIN].ravel(), histories.targets[TRAIN] + 1])
    return np.bincount(ids[ids != PAD] - 1, minlength=len(histories.catalogue)).astype(np.float64)


def known_odds(histories: Histories, split: str) -> NDArray[np.float64]:
    """The odds by which the next films were drawn, as logarithms, (N, F): no recommendation can do better."""
    gain = histories.pull * histories.tastes[split] @ histories.catalogue.vectors.T
    return np.asarray(histories.odds + gain)
