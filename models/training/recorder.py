"""The observer that writes a run's folder: status, log and checkpoints out, requests in."""

from __future__ import annotations

import dataclasses
import math
import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.runtime import files
from models.tensorboard import scalars
from models.tensorboard.parts import event_files
from models.tensorboard.writer import EventWriter, HistogramSummary
from models.training.observer import GO_ON, PAUSE, STOP, Observer, TrainingProgress
from models.training.runs import checkpoints, control
from models.training.runs import status as states
from models.training.runs.checkpoints import Checkpoints
from models.training.runs.process import Process
from models.training.runs.status import Status

if TYPE_CHECKING:
    from torch import Tensor

    from models.training.measures import StepResult

EVERY = 1.0  # seconds between two signs of life
# Given back when a run ends, so that on a full disk the last status can still say why.
RESERVE, RESERVED = "reserve", 1 << 16
WISHES = {control.PAUSE: PAUSE, control.STOP: STOP, control.RESUME: GO_ON}


class Recorder(Observer):
    """Keeps one run's folder up to date; only for the process that holds the run's lock."""

    def __init__(
        self,
        run: Path,
        *,
        keep: int,
        on_status: Callable[[Status], None] = lambda _: None,
        parent_wish: Callable[[], int] = lambda: GO_ON,
    ) -> None:
        """Take over a run's folder.

        Args:
            run: its folder.
            keep: bytes that checkpoints may take.
            on_status: is given every status that is written.
            parent_wish: what is wished of the cross-validation that the run belongs to.
        """
        super().__init__()
        self._run, self._keep, self._on_status, self._parent_wish = run, keep, on_status, parent_wish
        before = states.read(run)
        # What was asked of an earlier trainer is not asked of this one; what was asked while it started is.
        launched = before.state in (states.WAITING, states.STARTING)
        self.status = dataclasses.replace(
            before,
            state=states.STARTING,
            process=Process.current(),
            error="",
            notes=(),
            handled=before.handled if launched else control.read(run).sequence,
        )
        self._wish = GO_ON
        self._log: EventWriter | None = None
        self._next_beat, self._since = 0.0, time.monotonic()
        self._seen, self._first = 0, 0
        self._spent = 0.0
        if not (run / RESERVE).exists():
            files.write(run / RESERVE, os.urandom(RESERVED))
        self.write_status()

    def begin(self, step: int, **known: Any) -> None:
        """Training starts after a step; what earlier log files say of later ones is void.

        Args:
            step: optimizer steps taken; 0 at the start.
            known: fields of Status.
        """
        again = bool(event_files(self._run))
        self._log = EventWriter(self._run, purge_step=step + 1 if again else None)
        self._since, self._first = time.monotonic(), step
        # A kill may have come between the last checkpoint and the status that tells of it.
        self._add_best_scores(checkpoints.read(self._run))
        self.write_status(state=states.RUNNING, step=step, **known)

    def wish(self) -> int:
        """What a signal or a request wants."""
        return max(self._wish, self._parent_wish(), super().wish())

    def keep_alive(self) -> None:
        """A long wait goes on: give a sign of life, if it is time."""
        if self.is_due():
            self.read_request()
            self.write_status()

    def is_due(self) -> bool:
        """Whether the last sign of life is a second ago."""
        return time.monotonic() >= self._next_beat

    def log_steps(self, results: Sequence[StepResult]) -> None:
        """Log loss, top-1 and learning rate of each step, and norms where they were measured."""
        latest: dict[str, float] = {}
        for result in results:
            values = {
                scalars.TRAIN_LOSS: result.loss,
                scalars.TRAIN_TOP1: result.correct / result.seen,
                scalars.RATE: result.rate,
            }
            if result.norms:
                values[scalars.GRADIENT_NORM], values[scalars.UPDATE_RATIO] = result.norms
            self._log_scalars(result.step, values, result.wall)
            self._seen += result.seen
            latest |= values
        if results:
            self._update_latest(latest)
            self.status = dataclasses.replace(self.status, step=results[-1].step)

    def log_scalars(self, step: int, values: Mapping[str, float]) -> None:
        """Log what was measured."""
        self._log_scalars(step, values, time.time())
        self._update_latest(values)

    def log_layers(
        self, step: int, histograms: Mapping[str, HistogramSummary], numbers: Mapping[str, float]
    ) -> None:
        """Log the layers' distributions, and the numbers that sum each up."""
        self._log_scalars(step, numbers, time.time())
        if self._log:
            self._log.add_histograms(step, histograms, time.time())

    def beat(self, progress: TrainingProgress) -> None:
        """Hand the log to the system, look for requests, tell how it goes."""
        speed = self._speed(progress)
        if self._log:
            self._log.flush()
        self.read_request()
        self.write_status(step=progress.step, epoch=progress.epoch, **speed)

    def save_checkpoint(
        self,
        progress: TrainingProgress,
        *,
        tensors: Mapping[str, Tensor],
        state: Mapping[str, Any],
        metrics: Mapping[str, float],
    ) -> None:
        """Keep this moment; the log before it, so that no line of the past is ever missing."""
        if self._log:
            self._log.sync()
        stored = checkpoints.store(
            self._run, tensors, state, epoch=progress.epoch, metrics=metrics, budget=self._keep
        )
        self.status = dataclasses.replace(self.status, step=progress.step, epoch=progress.epoch)
        self._add_best_scores(stored)

    def set_notes(self, notes: Sequence[str]) -> None:
        """Remember what there is to say; the next sign of life tells it."""
        self.status = dataclasses.replace(self.status, notes=tuple(notes))

    def add_scores(self, values: Mapping[str, float]) -> None:
        """Remember results by name; the next sign of life tells them."""
        self.status = dataclasses.replace(self.status, scores={**self.status.scores, **values})

    def report_pause(self, progress: TrainingProgress, *, paused: bool) -> None:
        """Tell that training is paused, or goes on."""
        self._since = time.monotonic()
        self.read_request()
        state = states.PAUSED if paused else states.RUNNING
        if state != self.status.state or self.is_due():
            self.write_status(state=state, step=progress.step, epoch=progress.epoch)

    def write_status(self, **changes: Any) -> None:
        """Write the status with some changes and one more heartbeat. Raises DiskFullError."""
        before, beat = self.status, self.status.heartbeat + 1
        self.status = dataclasses.replace(before, **changes, heartbeat=beat, updated=time.time())
        # A mere sign of life does not wait for the disk: without power there is no trainer to tell of.
        self.status.write(self._run, durable=self.status.state != before.state or not self.status.active)
        self._next_beat = time.monotonic() + EVERY
        self._on_status(self.status)

    def end(self, state: str, error: str = "") -> None:
        """Write the last status, on a full disk too."""
        if self._log:
            self._log.close()
        (self._run / RESERVE).unlink(missing_ok=True)
        self.write_status(state=state, error=error, remaining=None)

    def last_finite_values(self) -> str:
        """The last finite values in words; empty before the first."""
        names = {
            scalars.TRAIN_LOSS: "loss",
            scalars.GRADIENT_NORM: "gradient norm",
            scalars.RATE: "learning rate",
        }
        values = [
            f"{name} {self.status.latest[tag]:.3g}"
            for tag, name in names.items()
            if tag in self.status.latest
        ]
        return f"The last good values: {', '.join(values)}." if values else ""

    def read_request(self) -> None:
        """Look for a request."""
        request = control.read(self._run)
        if request.sequence <= self.status.handled:
            return
        self._wish = WISHES[request.wish]
        state = states.STOPPING if self._wish == STOP else self.status.state
        self.write_status(handled=request.sequence, state=state)

    def _add_best_scores(self, stored: Checkpoints) -> None:
        best = stored.best
        if best and best.metrics:
            top1, loss = best.metrics[scalars.VALIDATION_TOP1], best.metrics[scalars.VALIDATION_LOSS]
            self.add_scores({"best_top1": top1, "best_loss": loss, "best_step": best.step})

    def _log_scalars(self, step: int, values: Mapping[str, float], wall: float) -> None:
        if self._log:
            self._log.add_scalars(step, values, wall)

    def _update_latest(self, values: Mapping[str, float]) -> None:
        finite = {tag: value for tag, value in values.items() if math.isfinite(value)}
        self.status = dataclasses.replace(self.status, latest={**self.status.latest, **finite})

    def _speed(self, progress: TrainingProgress) -> dict[str, Any]:
        """Images per second since the last measurement, and what follows from it; nothing after a short while."""
        passed = time.monotonic() - self._since
        if passed < EVERY / 2:
            return {}
        rate = self._seen * self.status.processes / passed
        self._since, self._seen = time.monotonic(), 0
        self._spent += passed
        self._log_scalars(progress.step, {scalars.SPEED: rate}, time.time())
        taken = progress.step - self._first
        return {
            "images_per_second": rate,
            "seconds": self.status.seconds + passed,
            "remaining": self._spent / taken * (self.status.steps - progress.step) if taken else None,
        }
