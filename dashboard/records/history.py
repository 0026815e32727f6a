"""Records of a history that a network reads: what it recommends, because of what, and how good that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dashboard.records.arrays import ArrayRecord
from dashboard.records.attribution import Outcome


@dataclass(frozen=True, eq=False)
class Recommendations(ArrayRecord):
    """The films that a network recommends.

    Attributes:
        films: (K,) their places in the catalogue, the best first; none was chosen before.
        scores: (F,) float64, of all films.
    """

    films: np.ndarray
    scores: np.ndarray


@dataclass(frozen=True, eq=False)
class HistoryAttribution(ArrayRecord):
    """How much each film of a history speaks for one that is recommended.

    Attributes:
        method: name in the table of methods for histories.
        values: (H,) float64; None where refused.
        outcome: of the checks, by the same thresholds as for pictures.
        explained: the score of the film that is recommended.
        nothing: its score where nothing was chosen.
        errors: (H,) standard errors; None where nothing was sampled.
        seconds: that all this took.
    """

    method: str
    values: np.ndarray | None
    outcome: Outcome
    explained: float
    nothing: float
    errors: np.ndarray | None = None
    seconds: float = 0.0

    @property
    def ranking(self) -> list[int]:
        """Places in the history, what speaks most for it first; of a record that is not refused."""
        assert self.values is not None, "a refused record has no values"
        return [int(place) for place in np.argsort(-self.values, kind="stable")]


@dataclass(frozen=True, eq=False)
class HitRates(ArrayRecord):
    """For whom the next choice is among the first ten, by whom the ten are named.

    Attributes:
        network: (N,) bool, by the network.
        popular: (N,) bool, by how often films are chosen.
        known: (N,) bool, by the taste that each was made up with.
        lengths: (N,) films of each history.
    """

    network: np.ndarray
    popular: np.ndarray
    known: np.ndarray
    lengths: np.ndarray

    @property
    def count(self) -> int:
        """Histories."""
        return len(self.network)


@dataclass(frozen=True, eq=False)
class TasteAgreement(ArrayRecord):
    """How often the film that counts most is one that the known taste would name.

    Attributes:
        methods: names of those that are measured, M.
        right: (N, M) bool: whether the film that counts most is of a liked genre that the recommended film is also of.
        share: (N,) the part of each history's films that are, neither all nor none.
        same: (N,) bool, whether all methods name one film.
        people: whose first recommendation was looked at; of some the taste tells nothing.
    """

    methods: tuple[str, ...]
    right: np.ndarray
    share: np.ndarray
    same: np.ndarray
    people: int

    @property
    def chance(self) -> float:
        """How often a film that is drawn from the history is one."""
        return float(self.share.mean())
