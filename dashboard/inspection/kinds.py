"""What a network's classes say together: how sure it is of a dog, whatever dog it is."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.records.pictures import Prediction
from models.datasets.wordnet import Kind, kinds

# A kind of more of the classes than this says next to nothing, and one of fewer is the class itself.
LARGEST, SMALLEST = 0.25, 3
# What a network is surer of than this, it is told to see; failing that, what it finds likelier than not.
SURE, LIKELY = 0.9, 0.5


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
