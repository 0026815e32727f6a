"""What the neighbours of a picture among features say of it, and how well neighbours tell classes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from dashboard.records.embedding import UNKNOWN, Features, Neighbours
from dashboard.records.pictures import Prediction
from dashboard.wording.numbers import count, percent, short_title

# Neighbours and network are as good as each other up to so many points of accuracy.
CLOSE = 5


def class_name(classes: Sequence[str], index: int) -> str:
    """Name of a class; UNKNOWN has none."""
    return "not a number" if index == UNKNOWN else classes[index]


def headline(title: str, features: Features, near: Neighbours | None, prediction: Prediction) -> str:
    """Among what a network puts the photo, and whether that is what it says of it.

    Args:
        title: of the network.
        features: of all pictures.
        near: the pictures nearest to the photo; None where its features are no numbers.
        prediction: the network's answer to the photo.
    """
    name = short_title(title)
    if near is None or not len(near.rows):
        return f"{name} puts this photo nowhere: none of {len(features):,} pictures can be compared with it."
    counts = Counter(int(kind) for kind in features.kinds[near.rows])
    kind, often = counts.most_common(1)[0]
    answer = prediction.classes[prediction.winner]
    if 2 * often < len(near.rows):
        kinds = "classes" if features.labelled else "answers"
        return (
            f"{name} puts this picture among {len(counts)} {kinds}, which the {len(near.rows)} nearest to it have; it "
            f"says {answer}."
        )
    belongs = "of class" if features.labelled else "that it calls"
    says = f"and says {answer} too" if kind == prediction.winner else f"but says {answer}"
    return (
        f"{name} puts this picture among those {belongs} {class_name(prediction.classes, kind)} "
        f"({_share(often, len(near.rows))}), {says}."
    )


def too_few(title: str, pictures: int) -> str:
    """That so few pictures do not tell how a network of that title groups what it sees."""
    return f"How {short_title(title)} groups what it sees, {count(pictures, 'picture')} cannot tell."


def _share(often: int, near: int) -> str:
    """How many of the nearest: "9 of the 10 nearest to it"."""
    if near == 1:
        return "the one nearest to it"
    return f"all {near} nearest to it" if often == near else f"{often} of the {near} nearest to it"


def comparison(share: float, accuracy: float) -> str:
    """What it means that neighbours alone are right so often, and the network so often; both in [0, 1]."""
    points = 100 * (accuracy - share)
    if points > CLOSE:
        return (
            f"The network is {points:.0f} points better than neighbours at this layer: what comes behind it still "
            "tells classes apart."
        )
    if points < -CLOSE:
        return (
            f"Neighbours at this layer are {-points:.0f} points better than the network: what is known here is not "
            "put to use behind it."
        )
    return "The two are close: classes lie apart at this layer already, and what comes behind it adds little."


def obstacle(features: Features, pictures: str) -> str | None:
    """Why there is nothing to lay out, or None.

    Args:
        features: of the pictures.
        pictures: what they are, with their number.
    """
    if not len(features):
        return f"Not one of {pictures} has features that are numbers at {features.place.title}."
    if len(features) == 1:
        return "One picture alone has neither neighbours nor a spread."
    if features.constant:
        return (
            f"All {len(features):,} pictures have the same features at {features.place.title}: nothing tells them "
            "apart."
        )
    return None


def variance(shares: np.ndarray) -> tuple[str, str]:
    """What stands at the first two principal axes, each with its share of the variance: (k,) in [0, 1]."""
    first, second = (percent(float(share)) for share in shares[:2])
    return f"Axis 1, {first} of the variance", f"Axis 2, {second} of the variance"
