"""Answers side by side, in one sentence."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.records.pictures import Prediction
from dashboard.wording.answer import class_label, figure
from dashboard.wording.numbers import with_article


def network_names(titles: Sequence[str]) -> list[str]:
    """What networks are called in a sentence: without what is in brackets, unless that tells them apart."""
    short = [title.partition(" (")[0] for title in titles]
    return short if len({*short}) == len({*titles}) else list(titles)


def of_networks(titles: Sequence[str], predictions: Sequence[Prediction]) -> str:
    """What two networks say of one photo, such as "CNN says 9 (51 %), ViT 9 (99.6 %)".

    Args:
        titles: of the networks.
        predictions: their answers.
    """
    first, *others = zip(network_names(titles), map(_first, predictions), strict=True)
    return ", ".join([f"{first[0]} says {first[1]}", *(f"{name} {answer}" for name, answer in others)]) + "."


def of_photos(title: str, photos: Sequence[str], predictions: Sequence[Prediction]) -> str:
    """What one network says of two photos, such as "Lite0 says cat (97 %) to Cat, dog (51 %) to Dog".

    Args:
        title: of the network.
        photos: what they are called.
        predictions: its answers.
    """
    parts = [
        f"{_first(prediction)} to {photo}" for photo, prediction in zip(photos, predictions, strict=True)
    ]
    return f"{network_names([title])[0]} says {', '.join(parts)}."


def mistaken(title: str, prediction: Prediction, truth: str) -> str:
    """What one says of a picture whose class is known, such as "CNN says 7 (51 %), but it is 9".

    Args:
        title: of the network.
        prediction: its answer.
        truth: name of the class that the picture has.
    """
    right = prediction.classes[prediction.winner] == truth
    name = title.partition(" (")[0]
    return f"{name} says {_first(prediction)}, {'and is right' if right else f'but it is {with_article(truth)}'}."


def _first(prediction: Prediction) -> str:
    return f"{class_label(prediction, prediction.winner)} ({figure(prediction, prediction.winner)})"
