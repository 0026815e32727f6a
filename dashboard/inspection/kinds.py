"""What a network's classes say together: how sure it is of a dog, whatever dog it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.records.pictures import Prediction
from models.datasets.wordnet import Kind, kinds

# A kind of more of the classes than this says next to nothing, and one of fewer is the class itself.
LARGEST, SMALLEST = 0.25, 3
# What a network is surer of than this, it is told to see; failing that, what it finds likelier than not.
SURE, LIKELY = 0.9, 0.5
# Kinds that everybody tells apart and that hold most classes, chosen by hand: WordNet's numbers.
COARSE = {
    *("n02084071", "n01861778", "n01503061", "n01661091", "n02512053", "n02159955", "n00015388"),  # animals
    *("n03051540", "n03405725", "n04524313", "n03800933", "n04341686", "n00021939"),  # what is made
    *("n00021265", "n07705711"),  # what is eaten
}
REST = "something else"


@dataclass(frozen=True, eq=False)
class CoarseConfusion:
    """Which kind is called which.

    Attributes:
        names: of the kinds, each without those of its classes that are of a nearer one.
        matrix: (kinds, kinds) int32: pictures of the row's kind that are called the column's.
        kind_of: (classes,) int: the kind that each class is of.
    """

    names: tuple[str, ...]
    matrix: np.ndarray
    kind_of: np.ndarray

    @property
    def right(self) -> float:
        """Share of the pictures whose kind is right, in [0, 1]."""
        return float(np.trace(self.matrix) / self.matrix.sum())

    @property
    def present(self) -> list[int]:
        """The kinds that have pictures or are called."""
        return [int(index) for index in np.flatnonzero(self.matrix.sum(0) + self.matrix.sum(1))]


def share(prediction: Prediction, kind: Kind) -> float:
    """The probability of all classes of a kind together, in [0, 1]."""
    assert prediction.probabilities is not None
    return float(prediction.probabilities[list(kind.classes)].sum())


def kinds_of(classes: Sequence[str], index: int) -> list[Kind]:
    """What a class is a kind of, the nearest first; nothing where the classes are not ImageNet's."""
    return [
        kind
        for kind in reversed(kinds(classes))
        if index in kind.classes and SMALLEST <= len(kind.classes) <= LARGEST * len(classes)
    ]


def seen_kind(prediction: Prediction) -> Kind | None:
    """The nearest kind of the first answer of which the network is sure, else likely; None where there is none."""
    if prediction.reading != "one of several":
        return None
    offered = kinds_of(prediction.classes, prediction.winner)
    for least in (SURE, LIKELY):
        for kind in offered:
            if share(prediction, kind) >= least:
                return kind
    return None


def coarse_confusion(
    classes: Sequence[str], labels: np.ndarray, predicted: np.ndarray
) -> CoarseConfusion | None:
    """Which kind of thing is called which; None where no kinds of the classes are known.

    Args:
        classes: names.
        labels: (N,) class indices, at least one.
        predicted: (N,) class indices.
    """
    coarse = [kind for kind in kinds(classes) if kind.synset in COARSE]
    if not coarse:
        return None
    kind_of = np.full(len(classes), len(coarse))
    # The nearest comes last.
    for number, kind in enumerate(coarse):
        kind_of[list(kind.classes)] = number
    matrix = np.zeros((len(coarse) + 1,) * 2, np.int32)
    np.add.at(matrix, (kind_of[labels], kind_of[predicted]), 1)
    names = [
        f"other {kind.name}" if any(set(one.classes) < set(kind.classes) for one in coarse) else kind.name
        for kind in coarse
    ]
    return CoarseConfusion((*names, REST), matrix, kind_of)
