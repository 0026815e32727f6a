"""Callbacks of the trainer: what happens while a network learns, and what is wished of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

    from models.tensorboard.writer import HistogramSummary
    from models.training.measures import StepResult

# What a trainer is asked between two steps; of several wishes the highest counts.
GO_ON, PAUSE, STOP, DIVERGED = range(4)


@dataclass
class TrainingProgress:
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
    """Callbacks that keep nothing: for a bare loop, and for processes that do not write."""

    def __init__(self) -> None:
        self._stopping = False

    def stop(self) -> None:
        """Wish that training stops, as a signal does."""
        self._stopping = True

    def wish(self) -> int:
        """What is wished: GO_ON, PAUSE or STOP."""
        return STOP if self._stopping else GO_ON

    def keep_alive(self) -> None:
        """A long wait goes on."""

    def begin(self, step: int, **known: Any) -> None:
        """Training starts after a step."""

    def is_due(self) -> bool:
        """Whether it is time to log the steps that are pending."""
        return False

    def log_steps(self, results: Sequence[StepResult]) -> None:
        """Steps were taken."""

    def log_scalars(self, step: int, values: Mapping[str, float]) -> None:
        """Something was measured."""

    def log_layers(
        self, step: int, histograms: Mapping[str, HistogramSummary], numbers: Mapping[str, float]
    ) -> None:
        """The layers' distributions were measured, and the numbers that sum each up."""

    def beat(self, progress: TrainingProgress) -> None:
        """All that happened until now was logged."""

    def save_checkpoint(
        self,
        progress: TrainingProgress,
        *,
        tensors: Mapping[str, Tensor],
        state: Mapping[str, Any],
        metrics: Mapping[str, float],
    ) -> None:
        """This moment is to be saved."""

    def report_pause(self, progress: TrainingProgress, *, paused: bool) -> None:
        """Training is paused, reported again and again, or goes on."""

    def set_notes(self, notes: Sequence[str]) -> None:
        """What there is to say of the run, a sentence each, in place of what was said before."""

    def add_scores(self, values: Mapping[str, float]) -> None:
        """Results by name, as best_top1 or test_loss, were reached."""

    def end(self, state: str, error: str = "") -> None:
        """Training is over."""

    def last_finite_values(self) -> str:
        """The last finite values in words; empty where nothing is known."""
        return ""
