"""Records of what a network learned an answer from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dashboard.records.arrays import ArrayRecord


@dataclass(frozen=True, eq=False)
class FittedHead(ArrayRecord):
    """The last layer of a network, fitted to the end over the features that it reads.

    It is where the sum of the losses, plus half the ridge times the squares of the weights, is least.

    Attributes:
        features: (N, D) float64 of the pictures that were learned from, a one behind them for the bias.
        labels: (N,) int64, class indices.
        pictures: (N,) int64, places of the pictures in their pool.
        weights: (C, D), of the minimum.
        ridge: strength of the squares.
        factor: (C D, C D), lower Cholesky factor of the Hessian at the minimum.
        pushes: (N, C), what leaving a picture out does, in the coordinates of `leave_out`.
        agreement: share of these pictures that the fitted head answers as the network does, in [0, 1].
        seconds: that fitting took.
    """

    features: np.ndarray
    labels: np.ndarray
    pictures: np.ndarray
    weights: np.ndarray
    ridge: float
    factor: np.ndarray
    pushes: np.ndarray
    agreement: float
    seconds: float


@dataclass(frozen=True, eq=False)
class Checked(ArrayRecord):
    """What was computed of a few pictures, and what came out when each was left out for real.

    Attributes:
        rows: (n,) int64, of the head's pictures.
        computed: (n,) by how much each pulls the answer.
        real: (n,) the same by fitting the head again without it.
        correlation: of their ranks, in [-1, 1]; nan where there is none.
        same_sign: share with the same sign, in [0, 1].
    """

    rows: np.ndarray
    computed: np.ndarray
    real: np.ndarray
    correlation: float
    same_sign: float


@dataclass(frozen=True, eq=False)
class Influence(ArrayRecord):
    """How much each picture that was learned from pulls the answer to one picture.

    Attributes:
        target: class index whose log odds are pulled: the logarithm of its probability over that of all others.
        pulls: (N,) float64: by how much they would be lower without that picture.
        odds: the log odds themselves, as the fitted head has them.
        answer: class index that the fitted head answers.
        check: of a few of them.
        seconds: that all this took.
    """

    target: int
    pulls: np.ndarray
    odds: float
    answer: int
    check: Checked
    seconds: float

    def strongest(self, count: int, *, against: bool = False) -> np.ndarray:
        """Rows of the pictures that pull most, for the class or against it; fewer where fewer pull that way."""
        pulls = -self.pulls if against else self.pulls
        order = np.argsort(-pulls, kind="stable")[:count]
        return np.asarray(order[pulls[order] > 0])

    def without(self, row: int | None = None) -> float:
        """The probability of the class, in [0, 1], without the picture of a row; None leaves none out."""
        pull = 0.0 if row is None else self.pulls[row]
        return float(1 / (1 + np.exp(pull - self.odds)))
