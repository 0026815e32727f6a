"""Records of one picture: as a network reads it, and the network's answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dashboard.records.arrays import ArrayRecord
from models.meaning import Reading
from models.preprocessing import Box


@dataclass(frozen=True, eq=False)
class NetworkInput:
    """One picture as a network reads it, and as a person does.

    Attributes:
        digest: of what the network reads, hexadecimal; part of every key of a result.
        inputs: (C, H, W) float32, normalised.
        crop: (H, W, 3) uint8, what the network sees.
        whole: (h, w, 3) uint8, the upright picture, scaled down for the screen.
        size: width and height of the upright picture, in pixels.
        box: the part of the upright picture that the network reads, in its pixels.
    """

    digest: str
    inputs: np.ndarray
    crop: np.ndarray
    whole: np.ndarray
    size: tuple[int, int]
    box: Box


@dataclass(frozen=True, eq=False)
class Prediction(ArrayRecord):
    """A network's answer to one picture.

    Attributes:
        logits: (classes,) float32, unbounded; they may be NaN or infinite where the network's numbers are. The values
            themselves where it has no classes.
        probabilities: (classes,) float32, the softmax of the logits; the sigmoid of each where classes are attributes;
            None for values.
        classes: one name per logit.
        reading: how the answer is read.
    """

    logits: np.ndarray
    probabilities: np.ndarray | None
    classes: tuple[str, ...]
    reading: Reading = "one of several"

    @property
    def winner(self) -> int:
        """Index of the largest logit."""
        return int(self.logits.argmax())

    def strength(self, index: int) -> float:
        """The probability of a class, or a value where there are no classes."""
        return float((self.logits if self.probabilities is None else self.probabilities)[index])

    def ranking(self) -> list[int]:
        """Class indices, most probable first; the largest value first."""
        return [int(index) for index in np.argsort(-self.logits, kind="stable")]
