"""Records of an embedding: what one place of a network makes of many pictures, a row of numbers for each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dashboard.records.arrays import ArrayRecord
from dashboard.records.network import LayerCall

# In the place of a class that nobody knows.
UNKNOWN = -1
# Differences of features below this share of the largest are rounding.
ROUNDING = 1e-6


@dataclass(frozen=True)
class Place:
    """Where in a network features are read.

    Attributes:
        call: of the layer.
        reads: whether what the layer reads is meant, and not what it puts out.
    """

    call: LayerCall
    reads: bool = False

    @property
    def title(self) -> str:
        """In words: "what head reads", "the output of block3"."""
        return f"what {self.call.name} reads" if self.reads else f"the output of {self.call.name}"


@dataclass(frozen=True, eq=False)
class Features(ArrayRecord):
    """What many pictures are at one place of a network.

    Attributes:
        place: where they are read.
        values: (N, D) float32, finite; the mean over all places of a channel where it has several.
        pictures: (N,) int64, indices in the pool, rising.
        labels: (N,) int64, the class that each belongs to; UNKNOWN where nobody said.
        answers: (N,) int64, the network's class for each; UNKNOWN where its logits are no numbers.
        places: over how many places the mean was taken; 1 for none.
        taken: how many pictures of the pool were asked for: fewer than all where their numbers would be too many.
        read: how many of those could be read.
        not_finite: how many of those are left out because features of theirs are no numbers.
        seconds: that the pass took.
    """

    place: Place
    values: np.ndarray
    pictures: np.ndarray
    labels: np.ndarray
    answers: np.ndarray
    places: int
    taken: int
    read: int
    not_finite: int
    seconds: float

    def __len__(self) -> int:
        return len(self.values)

    @property
    def labelled(self) -> bool:
        """Whether the class of every picture is known."""
        return bool((self.labels != UNKNOWN).all())

    @property
    def kinds(self) -> np.ndarray:
        """(N,) int64, the class of each picture; the network's answer where classes are not known."""
        return self.labels if self.labelled else self.answers

    @property
    def accuracy(self) -> float:
        """The share of the pictures that the network gets right; of labelled pictures, at least one."""
        return float((self.answers == self.labels).mean())

    @property
    def constant(self) -> bool:
        """Whether all pictures have the same features, but for rounding."""
        if not len(self):
            return True
        spread = float(np.ptp(self.values, axis=0).max())
        return spread <= ROUNDING * float(np.abs(self.values).max())


@dataclass(frozen=True, eq=False)
class PrincipalAxes(ArrayRecord):
    """The directions in which features vary most.

    Attributes:
        mean: (D,) of the features.
        axes: (k, D) orthonormal rows, the most telling first; zeros where there is no variance left.
        shares: (k,) of the variance that lies along each, in [0, 1].
    """

    mean: np.ndarray
    axes: np.ndarray
    shares: np.ndarray

    def coordinates(self, values: np.ndarray, count: int | None = None) -> np.ndarray:
        """Where features of shape (..., D) lie along the first axes, all of them unless told: (..., k)."""
        return np.asarray((values - self.mean) @ self.axes[:count].T)


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The pictures nearest to one, the nearest first.

    Attributes:
        rows: (k,) of the features.
        distances: (k,) from it.
    """

    rows: np.ndarray
    distances: np.ndarray
