"""Who is told what happens while a network learns, and may wish for something."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

    from models.tensorboard.writer import Histogram
    from models.training.measures import StepResult

# What a trainer is asked between two steps; of several wishes the highest counts.
GO_ON, PAUSE, STOP, DIVERGED = range(4)


@dataclass
class Progress:
    """How far a run is; all of it is kept with a checkpoint.

    Attributes:
        step: optimizer steps taken.
        epoch: epochs completed.
        position: steps taken in the epoch that is under way.
        loss: sum over the pictures of this epoch, so far.
        correct: pictures of this epoch that were classified right, so far.
        seen: pictures of this epoch, so far.
        best: lowest validation loss at an epoch's end.
        worse: epochs since then.
    """

    step: int = 0
    epoch: int = 0
    position: int = 0
    loss: float = 0.0
    correct: int = 0
    seen: int = 0
    best: float = math.inf
    worse: int = 0


class Observer:
    """One who keeps nothing: of a bare loop, and of processes that do not write."""

    def __init__(self) -> None:
        self._stopping = False

    def stop(self) -> None:
        """Wish that training stops, as a signal does."""
        self._stopping = True

    def wish(self) -> int:
        """What is wished: GO_ON, PAUSE or STOP."""
        return STOP if self._stopping else GO_ON

    def alive(self) -> None:
        """A long wait goes on."""

    def begin(self, step: int, **known: Any) -> None:
        """Training starts after a step."""

    def due(self) -> bool:
        """Whether it is time to tell of the steps that wait."""
        return False

    def steps(self, results: Sequence[StepResult]) -> None:
        """Steps were taken."""

    def scalars(self, step: int, values: Mapping[str, float]) -> None:
        """Something was measured."""

    def layers(self, step: int, histograms: Mapping[str, Histogram], numbers: Mapping[str, float]) -> None:
        """The layers' distributions were measured, and the numbers that sum each up."""

    def beat(self, progress: Progress) -> None:
        """All that happened until now was told."""

    def checkpoint(
        self,
        progress: Progress,
        *,
        tensors: Mapping[str, Tensor],
        state: Mapping[str, Any],
        metrics: Mapping[str, float],
    ) -> None:
        """This moment is to be kept."""

    def rests(self, progress: Progress, *, paused: bool) -> None:
        """Training is paused, said again and again, or goes on."""

    def score(self, values: Mapping[str, float]) -> None:
        """Results by name."""

    def end(self, state: str, error: str = "") -> None:
        """Training is over."""

    def last_good(self) -> str:
        """The last finite values in words; empty where nothing is known."""
        return ""
