"""What the command line does, once its words are understood."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tqdm import tqdm

from models.runtime.errors import UserError
from models.tensorboard.scalars import TRAIN_LOSS, VALIDATION_TOP1
from models.training import runs
from models.training.config import Config
from models.training.folds import cross_validate
from models.training.group import writes
from models.training.runs import Run
from models.training.runs import status as states
from models.training.runs.status import Status
from models.training.session import train


def started(config: Config) -> int:
    """Train a new run."""
    if not writes():
        return _exit_code(_train(Path(), config))
    run = runs.create(config)
    print(f"Run {run.id} in {run.path}", file=sys.stderr)
    return _shown(run)


def resumed(run_id: str) -> int:
    """Go on with a run. Raises UserError if there is nothing to go on with."""
    run = runs.find(run_id)
    run.refuse_example()
    if states.read(run.path).state == states.FINISHED:
        raise UserError(f"Run {run.id} is finished; start a new run with more epochs.")
    return _shown(run)


def _shown(run: Run) -> int:
    """Train with a progress bar."""
    with _bar() as told:
        state = _train(run.path, run.config, told)
    status = states.read(run.path)
    scores = ", ".join(f"{name} {value:.4g}" for name, value in status.scores.items())
    print(f"Run {run.id} {state} after {status.seconds:.0f} s. {status.error or scores}", file=sys.stderr)
    return _exit_code(state)


def _train(path: Path, config: Config, told: Callable[[Status], None] = lambda _: None) -> str:
    if config.folds > 1 and not config.fold:
        return cross_validate(path, config, told=told)
    return train(path, config, told=told)


@contextmanager
def _bar() -> Iterator[Callable[[Status], None]]:
    # None: no bar where nobody sees it move.
    with tqdm(unit="step", disable=None if writes() else True, dynamic_ncols=True) as bar:

        def told(status: Status) -> None:
            bar.total = status.steps or None
            bar.n = status.step
            bar.set_description(
                f"epoch {min(status.epoch + 1, status.epochs)}/{status.epochs}", refresh=False
            )
            tags = {"loss": TRAIN_LOSS, "validation": VALIDATION_TOP1}
            shown = {name: f"{status.latest[tag]:.4f}" for name, tag in tags.items() if tag in status.latest}
            bar.set_postfix(shown)

        yield told


def _exit_code(state: str) -> int:
    return 1 if state == states.FAILED else 0
