"""The trials of a sweep as any process sees them, at any time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from models.runtime import files
from models.runtime.errors import UserError
from models.training.runs import Run
from models.training.runs import status as states
from models.training.setting import Value
from models.training.sweep.plan import MOST_TRIALS, Plan

FILE = "trial.json"
# How a trial stands: whether it counts, and for what.
FINISHED, GIVEN_UP, FAILED, OPEN = "finished", "given up", "failed", "open"


@dataclass(frozen=True)
class Trial:
    """One run of a sweep.

    Attributes:
        run: its run.
        number: from 1, in the order in which they were chosen.
        values: of the settings that are varied.
        state: FINISHED, GIVEN_UP as others did better, FAILED, or OPEN as long as it is none of these.
        score: share of the validation pictures that its best checkpoint gets right, in [0, 1]; None before the first.
        rungs: epoch -> share of the validation pictures that were right after it.
        parameters: of its network; 0 before it is built.
        flops: floating point operations of its network's answer to one picture; 0 before it is built.
        seconds: of training so far; 0 where it took too little to be measured.
        loss: of that checkpoint on the validation pictures; 0 before the first.
    """

    run: Run
    number: int
    values: Mapping[str, Value]
    state: str
    score: float | None
    rungs: Mapping[int, float]
    parameters: int = 0
    flops: int = 0
    seconds: float = 0.0
    loss: float = 0.0

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes of it."""
        return self.state != OPEN


def read(run: Run, plan: Plan) -> Trial:
    """How a trial stands."""
    status, (rungs, given_up) = states.read(run.path), _read_rungs(run.path)
    ended = {states.FINISHED: FINISHED, states.FAILED: FAILED}
    return Trial(
        run,
        run.config.trial,
        {axis.name: getattr(run.config, axis.name) for axis in plan.axes},
        # Given up is what a worker wrote down before it stopped the run, whatever became of that.
        ended.get(status.state, GIVEN_UP if given_up else OPEN),
        status.scores.get("best_top1"),
        rungs,
        parameters=status.parameters,
        flops=status.flops,
        seconds=status.seconds,
        loss=status.scores.get("best_loss", 0.0),
    )


def read_all(sweep: Run, plan: Plan) -> list[Trial]:
    """All trials that have begun, in order; one whose files are as they were is not read again."""
    return [_read_as_of(path, plan, _stamp(path)) for path in sweep.trial_paths().values()]


@lru_cache(maxsize=4 * MOST_TRIALS)
def _read_as_of(path: Path, plan: Plan, stamp: tuple[tuple[int, ...], ...]) -> Trial:
    return read(Run.open(path), plan)


def _stamp(trial: Path) -> tuple[tuple[int, ...], ...]:
    """Tells the files of a trial that change from what they were before; each is replaced as a whole."""
    found = [path.stat() for path in (trial / states.FILE, trial / FILE) if path.exists()]
    return tuple((file.st_ino, file.st_mtime_ns, file.st_size) for file in found)


def rank(trials: Sequence[Trial]) -> list[Trial]:
    """The finished trials, the best first; of equal scores the one with the lower validation loss."""
    finished = [trial for trial in trials if trial.state == FINISHED and trial.score is not None]
    return sorted(finished, key=lambda trial: (-(trial.score or 0.0), trial.loss))


def write_rungs(trial: Path, rungs: Mapping[int, float], *, given_up: bool) -> None:
    """Write down what a trial reached at each rung, and whether it ends there. Raises DiskFullError."""
    content = {"rungs": {str(epoch): score for epoch, score in rungs.items()}, "given_up": given_up}
    # Lost with the power, it is written anew: what is given up falls behind again.
    files.write_json(trial / FILE, content, durable=False)


def _read_rungs(trial: Path) -> tuple[dict[int, float], bool]:
    try:
        content = files.read_json(trial / FILE)
        return {int(epoch): float(score) for epoch, score in content["rungs"].items()}, bool(
            content["given_up"]
        )
    except FileNotFoundError:
        return {}, False
    # A damaged file says nothing: the trial goes on, and writes it anew.
    except (UserError, KeyError, TypeError, ValueError, AttributeError):
        return {}, False
