"""What a network's classes say together, in words."""

from __future__ import annotations

import numpy as np

from dashboard.inspection.kinds import LIKELY, CoarseConfusion, share
from dashboard.records.pictures import Prediction
from dashboard.wording.contract import explained as score_explained
from dashboard.wording.numbers import percent, rate, three_digits, with_article
from models.contract import Contract
from models.datasets.wordnet import MOVED, Kind


def seen(prediction: Prediction, kind: Kind) -> str:
    """How sure a network is of a kind: "A cat: 94 %"."""
    name = with_article(kind.name)
    return f"{name[:1].upper()}{name[1:]}: {percent(share(prediction, kind))}"


def basis(kind: Kind) -> str:
    """Of what that is made."""
    moved = " (the giant panda by zoology)" if kind.synset[1:] in MOVED.values() else ""
    return f"All {len(kind.classes)} classes that are one, by WordNet{moved}, together; below, one by one."


def headline(title: str, prediction: Prediction, kind: Kind) -> str:
    """The answer of a network of some title as a sentence about a kind that is explained, whatever the class."""
    name, probability = title.partition(" (")[0], share(prediction, kind)
    if probability >= LIKELY:
        return f"{name} is {percent(probability)} sure: {with_article(kind.name)}."
    return f"{name} gives {with_article(kind.name)} only {percent(probability)}."


def question(title: str, kind: Kind | None) -> str:
    """What maps answer, of a class or of a kind."""
    return f"Why {title}?" if kind is None else f"Why {with_article(kind.name)}, whichever it is?"


def kinds_right(coarse: CoarseConfusion) -> str:
    """How often the kind is right, whatever the class."""
    return f"It calls {rate(coarse.right)} of them the right kind of thing, whatever the class."


def any_of(kind: Kind) -> str:
    """A kind as what is explained."""
    return f"any {kind.name}"


def offered(prediction: Prediction, kind: Kind) -> str:
    """A kind to choose, with its probability: "any dog (96 %)"."""
    return f"{any_of(kind)} ({percent(share(prediction, kind))})"


def explained(prediction: Prediction, kind: Kind) -> str:
    """What a map of a kind explains."""
    score = np.logaddexp.reduce(prediction.logits[list(kind.classes)].astype(np.float64))
    return (
        f"Explained is the score that its {len(kind.classes)} classes have together, the logarithm of the sum of their "
        f"exponentials, which is {three_digits(float(score))}: a class of that "
        "score would have the sum of their probabilities"
    )


def what_is_explained(prediction: Prediction, target: int, contract: Contract, kind: Kind | None) -> str:
    """What a map explains, of a class or of all of its kind, as the beginning of a sentence."""
    if kind is not None:
        return explained(prediction, kind)
    return (
        f"Explained is {score_explained(contract)}, which is {three_digits(float(prediction.logits[target]))}"
    )
