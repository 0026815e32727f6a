"""What a network answers, and how sure it is."""

from __future__ import annotations

from dashboard.records.pictures import Prediction
from dashboard.wording.numbers import certainty, percent

BEST = 5


def headline(prediction: Prediction, *, trained: bool) -> str:
    """The answer as a sentence."""
    first, *others = [
        (float(prediction.probabilities[index]), prediction.classes[index]) for index in prediction.ranking()
    ]
    if not trained:
        return f"Untrained, so this is a guess: {first[1]}."
    sentence = certainty(*first, others[0] if others else (0.0, "anything else"))
    return sentence[:1].upper() + sentence[1:]


def top_classes(prediction: Prediction, explained: int) -> list[int]:
    """The most probable classes, best first, and the one that is explained where it is not among them."""
    ranked = prediction.ranking()[:BEST]
    return ranked if explained in ranked else [*ranked, explained]


def class_label(prediction: Prediction, index: int) -> str:
    """The name of a class, with its index where another class has the same: ImageNet has two kinds of crane."""
    name = prediction.classes[index]
    return name if prediction.classes.count(name) == 1 else f"{name} ({index})"


def ranking(prediction: Prediction) -> str:
    """The first answer and the two behind it, with their probabilities."""
    first, *behind = [
        f"{class_label(prediction, index)} ({percent(float(prediction.probabilities[index]))})"
        for index in prediction.ranking()[:3]
    ]
    then = f", then {'comes' if len(behind) == 1 else 'come'} {' and '.join(behind)}" if behind else ""
    return f"The first answer is {first}{then}."
