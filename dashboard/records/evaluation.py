"""Records of an evaluation: what a network answers to labelled pictures, and how good that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dashboard.records.arrays import ArrayRecord

# Bins of a reliability curve, equally wide.
BINS = 15


@dataclass(frozen=True, eq=False)
class Answers(ArrayRecord):
    """What one pass over labelled pictures leaves behind; all else follows from it.

    Attributes:
        logits: (N, classes) float32.
        labels: (N,) int64, the class index of each picture.
        indices: (N,) int64, their places in the set: pictures that cannot be read are left out.
        seconds: that the pass took.
    """

    logits: np.ndarray
    labels: np.ndarray
    indices: np.ndarray
    seconds: float


@dataclass(frozen=True)
class Rate:
    """A share that was counted, with the interval in which the true one lies.

    Attributes:
        right: how many.
        count: of how many, at least one.
        low: lower end of the 95 % interval (Wilson).
        high: its upper end.
    """

    right: int
    count: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """The share itself."""
        return self.right / self.count


@dataclass(frozen=True, eq=False)
class ClassScores(ArrayRecord):
    """How each class fares. What cannot be counted is NaN: a class without pictures, or never answered.

    Attributes:
        precision: (classes,) in [0, 1], of the pictures that are called so, the share that is so.
        recall: (classes,) in [0, 1], of the pictures that are so, the share that is called so.
        f1: (classes,) in [0, 1], harmonic mean of the two.
        support: (classes,) int64, pictures of the class.
        called: (classes,) int64, pictures that are called so.
    """

    precision: np.ndarray
    recall: np.ndarray
    f1: np.ndarray
    support: np.ndarray
    called: np.ndarray


@dataclass(frozen=True, eq=False)
class Reliability(ArrayRecord):
    """Whether a network that is 80 % sure is right in 80 % of the cases.

    Attributes:
        counts: (BINS,) int64, pictures whose confidence lies in each bin.
        confidence: (BINS,) their mean confidence; NaN in an empty bin.
        accuracy: (BINS,) the share of them that is right; NaN in an empty bin.
        ece: expected calibration error, in [0, 1]: mean distance of the two, weighted by the counts (Guo et al., 2017).
        loss: mean negative natural logarithm of the right class's probability; at least 0.
    """

    counts: np.ndarray
    confidence: np.ndarray
    accuracy: np.ndarray
    ece: float
    loss: float


@dataclass(frozen=True, eq=False)
class Temperature(ArrayRecord):
    """What dividing the logits by one number would bring.

    Attributes:
        value: the number, above 0, fitted on one half of the pictures.
        fitted_on: how many these are.
        before: reliability on the other half, as it is.
        after: the same with the logits divided.
        gain: 95 % interval of by how much the mean loss falls there; no pictures tell where 0 lies in it.
    """

    value: float
    fitted_on: int
    before: Reliability
    after: Reliability
    gain: tuple[float, float]

    @property
    def effect(self) -> int:
        """1 where loss and calibration error both fall, -1 where both rise, 0 where these pictures cannot tell.

        The loss falls or rises where its interval says so.
        """
        low, high = self.gain
        sign = (low > 0) - (high < 0)
        return sign if sign == np.sign(self.before.ece - self.after.ece) else 0


@dataclass(frozen=True, eq=False)
class Evaluation(ArrayRecord):
    """How good a network is on labelled pictures.

    Attributes:
        answers: whose logits are finite.
        left_out: how many pictures got logits that are not.
        predicted: (N,) int64, the class with the largest logit.
        confidence: (N,) float32, its probability, in (0, 1].
        accuracy: share of the pictures that are classified right.
        among_five: share, in [0, 1], whose class is among the five largest logits; None for fewer than eleven classes.
        scores: class by class.
        confusion: (classes, classes) int32: pictures of the row's class that are called the column's.
        reliability: on all pictures.
        temperature: None where it cannot be fitted.
    """

    answers: Answers
    left_out: int
    predicted: np.ndarray
    confidence: np.ndarray
    accuracy: Rate
    among_five: float | None
    scores: ClassScores
    confusion: np.ndarray
    reliability: Reliability
    temperature: Temperature | None

    @property
    def labels(self) -> np.ndarray:
        """(N,) the class index of each picture."""
        return self.answers.labels

    @property
    def right(self) -> np.ndarray:
        """(N,) bool."""
        return np.asarray(self.predicted == self.labels)

    @property
    def balanced(self) -> float:
        """Mean recall of the classes that have pictures, each class alike."""
        return float(np.nanmean(self.scores.recall))

    @property
    def macro_f1(self) -> float:
        """Mean F1 of the classes that have pictures, each class alike."""
        return float(self.scores.f1[self.scores.support > 0].mean())


@dataclass(frozen=True, eq=False)
class Flips:
    """Two networks on the same pictures: who is right where. Places count in the arrays of the evaluations.

    Attributes:
        pairs: (N, 2) int64, places in the first and in the second evaluation of each picture that both have.
        fixed: (n,) places in `pairs`: wrong in the first, right in the second.
        broken: right in the first, wrong in the second.
        changed: wrong in both, in two ways.
        both_right: how many pictures both get right.
        both_wrong: how many neither does.
        p: probability of a difference this large by chance (McNemar); None where none is fixed or broken.
        exact: whether it is the exact binomial one, or the chi-square approximation.
    """

    pairs: np.ndarray
    fixed: np.ndarray
    broken: np.ndarray
    changed: np.ndarray
    both_right: int
    both_wrong: int
    p: float | None
    exact: bool
