"""What a network answers, and how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.records.pictures import Prediction
from dashboard.wording.contract import Doubt
from dashboard.wording.numbers import certainty, percent, three_digits
from models.meaning import SIDES, Reading

BEST = 5
# Attributes that a headline lists of each side; the rest are counted.
LISTED = 3
# An attribute of at least this probability is said to be there.
YES = 0.5


@dataclass(frozen=True)
class Terms:
    """How answers of one reading are spoken of.

    Attributes:
        one: what one entry is called.
        headline: the answer of a network of some name as a sentence.
        short: the answer in some words, behind a doubt.
        figure: of one entry, as people read it.
        heading: of the list of the first entries, of so many.
        measure: what the figures are called, in a column of a table.
        ranked: what one entry is called where they are put in order.
    """

    one: str
    headline: Callable[[str, Prediction], str]
    short: Callable[[Prediction], str]
    figure: Callable[[float], str]
    heading: Callable[[int], str]
    measure: str
    ranked: str


def headline(title: str, prediction: Prediction, doubts: Sequence[Doubt] = ()) -> str:
    """The answer as a sentence, which begins with the network, or with what speaks against its answer.

    Args:
        title: of the network; what it was trained on stands in brackets, and is left out.
        prediction: the answer.
        doubts: the gravest first.
    """
    words = terms(prediction)
    if doubts:
        return f"{doubts[0].opening}: {words.short(prediction)}."
    return words.headline(title.partition(" (")[0], prediction)


def _certainty(subject: str, prediction: Prediction) -> str:
    first, *others = [
        (prediction.strength(index), prediction.classes[index]) for index in prediction.ranking()
    ]
    if prediction.classes == SIDES:
        return f"{subject} is {percent(first[0])} for {first[1]}, {percent(others[0][0])} for {others[0][1]}."
    return certainty(subject, *first, others[0] if others else (0.0, "anything else"))


def _attributes(subject: str, prediction: Prediction) -> str:
    yes, no = _sides(prediction)
    if not yes:
        return f"{subject} sees none of {len(no):,} attributes; the likeliest is {_named(prediction, no[0])}."
    absent = f"; no: {_listed([prediction.classes[index] for index in no])}" if no else ""
    return f"{subject} says yes: {_listed([_named(prediction, index) for index in yes])}{absent}."


def _present(prediction: Prediction) -> str:
    yes, _ = _sides(prediction)
    return _listed([prediction.classes[index] for index in yes]) if yes else "no attribute"


def _sides(prediction: Prediction) -> tuple[list[int], list[int]]:
    """Attributes that are there and those that are not, the likeliest first."""
    ranked = prediction.ranking()
    yes = [index for index in ranked if prediction.strength(index) >= YES]
    return yes, ranked[len(yes) :]


def _values(subject: str, prediction: Prediction) -> str:
    ranked = prediction.ranking()
    most, least = ranked[0], ranked[-1]
    if len(ranked) == 1:
        return f"{subject} gives {three_digits(prediction.strength(most))}."
    ends = f"{_named(prediction, most)} is the largest and {_named(prediction, least)} the least"
    return f"Of {len(ranked):,} values that {subject} gives, {ends}."


def _largest(prediction: Prediction) -> str:
    return (
        f"{_named(prediction, prediction.winner)}{' is the largest' if len(prediction.classes) > 1 else ''}"
    )


def _named(prediction: Prediction, index: int) -> str:
    return f"{class_label(prediction, index)} ({figure(prediction, index)})"


def _listed(names: Sequence[str]) -> str:
    """The first names, and how many more."""
    more = len(names) - LISTED
    return ", ".join(names) if more <= 1 else f"{', '.join(names[:LISTED])} and {more:,} more"


TERMS: dict[Reading, Terms] = {
    "one of several": Terms(
        one="class",
        headline=_certainty,
        short=lambda prediction: prediction.classes[prediction.winner],
        figure=percent,
        heading=lambda count: f"Top {min(count, BEST)} classes",
        measure="Probability",
        ranked="answer",
    ),
    "each by itself": Terms(
        one="attribute",
        headline=_attributes,
        short=_present,
        figure=percent,
        heading=lambda count: f"The likeliest of {count:,} attributes, each by itself",
        measure="Probability",
        ranked="attribute",
    ),
    "values": Terms(
        one="value",
        headline=_values,
        short=_largest,
        figure=three_digits,
        heading=lambda count: "Its value" if count == 1 else f"The largest of {count:,} values",
        measure="Value",
        ranked="value",
    ),
}


def terms(prediction: Prediction) -> Terms:
    """How an answer is spoken of."""
    return TERMS[prediction.reading]


def plural(prediction: Prediction) -> str:
    """What entries are called, as a label."""
    one = terms(prediction).one.capitalize()
    return f"{one}es" if one.endswith("s") else f"{one}s"


def figure(prediction: Prediction, index: int) -> str:
    """The probability of a class, or a value, as people read it."""
    return terms(prediction).figure(prediction.strength(index))


def top_classes(prediction: Prediction, explained: int) -> list[int]:
    """The most probable classes, best first, and the one that is explained where it is not among them."""
    ranked = prediction.ranking()[:BEST]
    return ranked if explained in ranked else [*ranked, explained]


def bar(prediction: Prediction, index: int) -> float | None:
    """How long the bar of an entry is, in [0, 1]; None for a value, which has no whole that it could be a share of."""
    if prediction.probabilities is None:
        return None
    return float(np.clip(np.nan_to_num(prediction.probabilities[index]), 0.0, 1.0))


def class_label(prediction: Prediction, index: int) -> str:
    """The name of a class, with its index where another class has the same: ImageNet has two kinds of crane."""
    name = prediction.classes[index]
    return name if prediction.classes.count(name) == 1 else f"{name} ({index})"


def ranking(prediction: Prediction) -> str:
    """The first answer and the two behind it, with their figures."""
    first, *behind = [_named(prediction, index) for index in prediction.ranking()[:3]]
    then = f", then {'comes' if len(behind) == 1 else 'come'} {' and '.join(behind)}" if behind else ""
    return f"The first {terms(prediction).ranked} is {first}{then}."
