"""What the numbers of a network mean, what is said of it beside its tensors, and on what ground it is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Meaning = Literal[
    "logits",
    "log-probabilities",
    "probabilities",
    "attributes",
    "attribute probabilities",
    "yes or no",
    "values",
]
# How an answer is read: one of several classes is right, each class is a question of its own, or there are no classes.
Reading = Literal["one of several", "each by itself", "values"]
# The names of the two sides of one logit, where nobody said any.
SIDES = ("no", "yes")
Basis = Literal["measured", "told by the file", "said by a person", "assumed"]

READINGS: dict[Meaning, Reading] = {
    "logits": "one of several",
    "log-probabilities": "one of several",
    "probabilities": "one of several",
    "attributes": "each by itself",
    "attribute probabilities": "each by itself",
    "yes or no": "one of several",
    "values": "values",
}


@dataclass(frozen=True)
class Claims:
    """What is said of a network beside its tensors, and on what ground.

    Attributes:
        outputs: numbers that a picture gets; None where nobody knows.
        meaning: of these numbers, where a person or the file said it.
        meant: ground of that.
        member: where they stand in what comes out, where a person said it.
        size: ground of the size of its input, and of what is done to a picture to get there.
        channels: ground of the number of colours that it reads.
        normalisation: ground of the mean and spread of colours.
        classes: ground of the names of classes.
        activation: its activation function in words, where neither weights nor code tell it; else empty.
        activated: ground of that.
        stem: what its first layer does, in words, where weights do not tell it; else empty.
        stemmed: ground of that.
    """

    outputs: int | None = None
    meaning: Meaning | None = None
    meant: Basis = "said by a person"
    member: str = ""
    size: Basis = "told by the file"
    channels: Basis = "told by the file"
    normalisation: Basis = "told by the file"
    classes: Basis = "told by the file"
    activation: str = ""
    activated: Basis = "told by the file"
    stem: str = ""
    stemmed: Basis = "told by the file"


# Of a network whose publisher says all that must be known.
TOLD = Claims()
