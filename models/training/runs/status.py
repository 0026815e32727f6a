"""How a run is doing: what its trainer says, and what a reader may believe of it."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.runtime import files
from models.runtime.errors import UserError
from models.training.runs.process import Process

FILE = "status.json"

WAITING, STARTING, RUNNING, PAUSED, STOPPING = "waiting", "starting", "running", "paused", "stopping"
FINISHED, STOPPED, FAILED, INTERRUPTED = "finished", "stopped", "failed", "interrupted"
# A reader's own findings; no trainer writes them.
STALLED, UNREADABLE = "stalled", "unreadable"

# While one of these is written down, a trainer should be alive.
ACTIVE = {WAITING, STARTING, RUNNING, PAUSED, STOPPING}
# These can be continued.
RESUMABLE = {STOPPED, FAILED, INTERRUPTED, UNREADABLE}
# A trainer gives a sign every second; only a much longer silence means something.
PATIENCE = 10.0  # seconds
# Python's start and its imports give none, and take long on a cold disk.
START_PATIENCE = 60.0  # seconds


@dataclass(frozen=True)
class Status:
    """What status.json says.

    Attributes:
        state: one of the states above.
        process: who trains, or trained last.
        heartbeat: grows with every sign of life.
        step: optimizer steps taken.
        steps: optimizer steps in all.
        epoch: epochs completed; of a cross-validation, folds completed.
        epochs: in all.
        error: why it failed, one sentence for people; else empty.
        notes: what else people should know, one sentence each.
        handled: sequence number of the last request that was obeyed.
        seconds: of training so far, pauses and interruptions left out.
        images_per_second: at the last sign of life, all processes together.
        remaining: seconds to go, None where unknown.
        parameters: of the network.
        flops: floating point operations of its answer to one picture.
        threads: processor threads of each process.
        processes: that train together.
        latest: tag -> last finite value.
        scores: best and final results by name, as best_top1, best_loss, best_step, test_top1, test_loss.
        updated: seconds since 1970 by the trainer's clock; for people, never for decisions.
    """

    state: str = STARTING
    process: Process | None = None
    heartbeat: int = 0
    step: int = 0
    steps: int = 0
    epoch: int = 0
    epochs: int = 0
    error: str = ""
    notes: tuple[str, ...] = ()
    handled: int = 0
    seconds: float = 0.0
    images_per_second: float = 0.0
    remaining: float | None = None
    parameters: int = 0
    flops: int = 0
    threads: int = 0
    processes: int = 1
    latest: Mapping[str, float] = dataclasses.field(default_factory=dict)
    scores: Mapping[str, float] = dataclasses.field(default_factory=dict)
    updated: float = 0.0

    @property
    def active(self) -> bool:
        """Whether a trainer should be alive."""
        return self.state in ACTIVE

    def write(self, run: Path, *, durable: bool = True) -> None:
        """Put it into a run's folder, whole; durable as files.write has it. Raises DiskFullError."""
        files.write_json(run / FILE, dataclasses.asdict(self), durable=durable)


def read(run: Path) -> Status:
    """What a run's status.json says; unreadable, with a sentence, where it is damaged or gone."""
    try:
        return _parse(files.read_json(run / FILE))
    except FileNotFoundError:
        return Status(state=UNREADABLE, error=f"{FILE} of run {run.name} is gone.")
    except UserError as error:
        return Status(state=UNREADABLE, error=str(error))
    except (TypeError, ValueError):
        return Status(state=UNREADABLE, error=f"{FILE} of run {run.name} is damaged and passed over.")


def _parse(content: Mapping[str, Any]) -> Status:
    """The Status of a JSON object. Raises TypeError or ValueError where it is something else."""
    known = {field.name: field for field in dataclasses.fields(Status)}
    values = {name: content[name] for name in known if name in content}
    if values.get("state") not in ACTIVE | {FINISHED, STOPPED, FAILED, INTERRUPTED}:
        raise ValueError("no state")
    if values.get("process") is not None:
        values["process"] = Process(**values["process"])
    for name in ("step", "steps", "epoch", "epochs", "heartbeat", "handled", "parameters", "flops"):
        values[name] = int(values.get(name, 0))
    for name in ("latest", "scores"):
        values[name] = {str(tag): float(number) for tag, number in dict(values.get(name, {})).items()}
    values["notes"] = tuple(str(note) for note in values.get("notes", ()))
    return Status(**values)


class HeartbeatWatcher:
    """Remembers when a heartbeat was last seen to change, by this process's own clock, which never jumps."""

    def __init__(self, patience: float = PATIENCE, clock: Callable[[], float] = time.monotonic) -> None:
        self._patience, self._clock = patience, clock
        self._seen: dict[Path, tuple[object, float]] = {}
        self._lock = threading.Lock()

    def assess(self, run: Path, status: Status) -> Status:
        """The status with the state that can be believed: a dead trainer's is interrupted, a silent one's stalled."""
        if not status.active:
            return status
        quiet = self._quiet(run, status)
        alive = status.process.is_alive() if status.process else None
        if alive is False:
            return dataclasses.replace(
                status, state=INTERRUPTED, error=status.error or f"The {status.process} that trained is gone."
            )
        # A run that waits gives none until its trainer is done with those before it, as long as that is seen to live.
        waits = status.state == WAITING and alive
        patience = START_PATIENCE if status.state in (WAITING, STARTING) else self._patience
        if not waits and quiet > patience:
            return dataclasses.replace(
                status, state=STALLED, error=f"No sign of life from {status.process} for {quiet:.0f} s."
            )
        return status

    def _quiet(self, run: Path, status: Status) -> float:
        """Seconds since this process first saw the present heartbeat."""
        beat, now = (status.process, status.heartbeat), self._clock()
        with self._lock:
            before = self._seen.get(run)
            if before is None or before[0] != beat:
                self._seen[run] = before = (beat, now)
        return now - before[1]


WATCHER = HeartbeatWatcher()
