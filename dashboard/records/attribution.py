"""Records of attribution: one map, what it is worth, and how faithful it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from dashboard.records.arrays import ArrayRecord


@dataclass(frozen=True)
class Outcome:
    """How far a map can be trusted.

    Attributes:
        kind: "clean", "marked" (drawn with a warning) or "refused" (not drawn).
        reason: one sentence; empty where clean.
        measures: name -> number of each check made.
        telling: whether numbers made of the map say anything: not where it is rounding, or another one each time.
    """

    kind: Literal["clean", "marked", "refused"]
    reason: str = ""
    measures: dict[str, float] = field(default_factory=dict)
    telling: bool = True


@dataclass(frozen=True, eq=False)
class Attribution(ArrayRecord):
    """One map: how much each pixel speaks for the explained quantity.

    Attributes:
        method: name in the table of methods.
        values: (H, W) float32 at the input's size; None where refused.
        raw: as the method returned it, before channels were joined and the grid was scaled up; None where refused.
        signed: whether negative values mean "speaks against".
        outcome: of the checks.
        explained: the explained quantity's value: the target's logit, or its lead over another's.
        seconds: that the method took.
        check_seconds: that the checks took.
        layer: that was read, or None.
        baseline: (H, W, 3) uint8, what "nothing there" looked like, several side by side; None where the method
            needs none.
    """

    method: str
    values: np.ndarray | None
    raw: np.ndarray | None
    signed: bool
    outcome: Outcome
    explained: float
    seconds: float
    check_seconds: float
    layer: str | None = None
    baseline: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class Faithfulness(ArrayRecord):
    """How well one map says what the network uses in one picture.

    Attributes:
        method: name in the table of methods.
        shares: (n,) share of the pixels that are changed, from 0 to 1, those that the map ranks first before others.
        deletion: (n,) in [0, 1], the class's probability while they are hidden.
        insertion: (n,) in [0, 1], its probability while they are shown on a blurred picture.
        infidelity: share of the score's changes that the map does not foretell; 0 foretells all of them.
        sensitivity: largest relative change of the map under an invisible change of the picture; None where not
            measured, because the method takes too long.
        agreement: rank correlation, in [-1, 1], with the same method's map of the network with random weights; None
            where that map is not finite.
        seconds: that all this took.
    """

    method: str
    shares: np.ndarray
    deletion: np.ndarray
    insertion: np.ndarray
    infidelity: float
    sensitivity: float | None
    agreement: float | None
    seconds: float

    @property
    def deletion_area(self) -> float:
        """Mean of the deletion curve: low where the map ranks first what the network needs."""
        return _area(self.deletion, self.shares)

    @property
    def insertion_area(self) -> float:
        """Mean of the insertion curve: high where the map ranks first what suffices."""
        return _area(self.insertion, self.shares)

    @property
    def lead(self) -> float:
        """Insertion area minus deletion area, in [-1, 1]: what the maps of one picture are ranked by."""
        return self.insertion_area - self.deletion_area


def _area(values: np.ndarray, places: np.ndarray) -> float:
    """Area under a curve, by trapezes."""
    return float((np.diff(places) * (values[1:] + values[:-1]) / 2).sum())


def concentration(values: np.ndarray) -> float:
    """The smallest share of the picture, in (0, 1], that holds half of what is positive in a map of shape (H, W).

    It is 1 for a map without anything positive.
    """
    positive = np.sort(np.clip(values, 0, None, dtype=float).ravel())[::-1]
    total = positive.sum()
    if total <= 0:
        return 1.0
    return float(np.searchsorted(np.cumsum(positive), total / 2) + 1) / positive.size
