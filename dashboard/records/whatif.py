"""Records of what the answer would be if the picture were another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from dashboard.records.arrays import ArrayRecord
from dashboard.records.pictures import Prediction

# Parts that alone keep the answer, or whose absence alone changes it.
Aim = Literal["keeps", "changes"]


@dataclass(frozen=True, eq=False)
class Repainted(ArrayRecord):
    """A picture of which a part was painted over, and what the network answers to it.

    Attributes:
        inputs: (C, H, W) float32, normalised, what the network read.
        picture: (H, W, 3) uint8, the same as people see it.
        prediction: the answer.
    """

    inputs: np.ndarray
    picture: np.ndarray
    prediction: Prediction


@dataclass(frozen=True)
class Marked:
    """How much of what a map marks lies in a part of the picture.

    Attributes:
        share: of what is positive in the map, in [0, 1].
        area: of the picture, in [0, 1].
    """

    share: float
    area: float


@dataclass(frozen=True, eq=False)
class Region(ArrayRecord):
    """The smallest region that a greedy search over superpixels found.

    Attributes:
        aim: what it is to do.
        parts: (rows, columns) int64, the superpixel of each cell, from 0.
        chosen: (n,) int64, superpixels of the region, in the order in which the search took them.
        found: whether the region does what it is to do; where not, it holds all superpixels.
        margin: by how much it does so, in the score's unit: above 0 where it was found.
        smallest: whether every smaller set of superpixels was tried too.
        passes: pictures that the network was shown.
        seconds: that the search took.
    """

    aim: Aim
    parts: np.ndarray
    chosen: np.ndarray
    found: bool
    margin: float
    smallest: bool
    passes: int
    seconds: float

    @property
    def count(self) -> int:
        """How many superpixels there are."""
        return int(self.parts.max()) + 1

    @property
    def cells(self) -> np.ndarray:
        """(rows, columns) bool, where the region is."""
        return np.isin(self.parts, self.chosen)
