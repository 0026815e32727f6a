"""Records of a layer and an answer while a network learns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dashboard.records.activations import ValueSpread
from dashboard.records.arrays import ArrayRecord
from dashboard.records.network import LayerCall


@dataclass(frozen=True, eq=False)
class Learning(ArrayRecord):
    """One picture in the same layer of a network at several steps of its training.

    Attributes:
        call: whose output it is.
        classes: one name per logit.
        steps: (T,) optimizer steps taken, ascending.
        epochs: (T,) epochs completed.
        maps: (T, C, h, w) float32; units without places have h = w = 1. Tokens before the grid's are left out.
        spreads: of the layer's whole output, one a step.
        logits: (T, classes) float32, one row a step.
        problems: a sentence for each checkpoint that could not be read.
    """

    call: LayerCall
    classes: tuple[str, ...]
    steps: np.ndarray
    epochs: np.ndarray
    maps: np.ndarray
    spreads: tuple[ValueSpread, ...]
    logits: np.ndarray
    problems: tuple[str, ...]

    @property
    def spatial(self) -> bool:
        """Whether a channel has more than one place."""
        return bool(self.maps[0, 0].size > 1)

    @property
    def strength(self) -> np.ndarray:
        """(C,) mean size of each channel's values over all places and steps."""
        return np.asarray(np.abs(np.nan_to_num(self.maps)).mean((0, 2, 3)))

    @property
    def probabilities(self) -> np.ndarray:
        """(T, classes) the softmax of the logits."""
        exponents = np.exp(self.logits - self.logits.max(1, keepdims=True))
        return np.asarray(exponents / exponents.sum(1, keepdims=True))

    def leading(self, count: int, target: int) -> list[int]:
        """Classes that are the most probable ones at some step, by index: at most so many, the target among them."""
        peaks = np.nan_to_num(self.probabilities).max(0)
        first = [int(index) for index in np.argsort(-peaks, kind="stable") if index != target]
        return sorted([target, *first[: count - 1]])

    def since(self) -> int:
        """The place of the first step from which on the network has given the answer of the last."""
        winners = self.logits.argmax(1)
        other = np.flatnonzero(winners != winners[-1])
        return int(other[-1]) + 1 if len(other) else 0


@dataclass(frozen=True)
class StepAnswers:
    """What a network says to some pictures after a number of training steps.

    Attributes:
        step: optimizer steps taken.
        winners: class index of each picture's largest logit.
        shares: its probability, in [0, 1].
    """

    step: int
    winners: tuple[int, ...]
    shares: tuple[float, ...]
