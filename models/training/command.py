"""Train a run with a progress bar in the terminal, and say how it ended."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tqdm import tqdm

from models.runtime.errors import UserError
from models.tensorboard.scalars import TRAIN_LOSS, VALIDATION_TOP1
from models.training import own_tables, runs
from models.training.config import Config
from models.training.folds import cross_validate
from models.training.group import is_writer
from models.training.runs import SWEEP, Run
from models.training.runs import status as states
from models.training.runs.process import Process
from models.training.runs.status import Status
from models.training.session import train
from models.training.sweep import worker
from models.training.sweep.plan import Plan


def start(config: Config, plan: Plan | None = None) -> int:
    """Train a new run in this process.

    Args:
        config: of the run.
        plan: of a sweep around it; None for one run.

    Returns:
        What the shell is told: 0 if it finished or was stopped, 1 if it failed.

    Raises:
        UserError: if its folder cannot be written, or torchrun started a sweep.
    """
    if plan is not None:
        worker.refuse_group()
    config = own_tables.settle(config)
    if not is_writer():
        return _exit_code(_train(Path(), config))
    run = runs.create(config, sweep=None if plan is None else plan.to_json())
    print(f"Run {run.id} in {run.path}", file=sys.stderr)
    return _exit_code(_train_with_bar(run))


def resume(*run_ids: str) -> int:
    """Go on with runs in this process, one after the other; where one is stopped, so are those behind it.

    Args:
        run_ids: their names, as in the address.

    Returns:
        What the shell is told: 0 if each finished or was stopped, 1 if one failed.

    Raises:
        UserError: if there is none, it is finished, an example, or trained by another process.
    """
    chosen = [runs.find(run_id) for run_id in run_ids]
    for run in chosen:
        run.refuse_example()
        if states.read(run.path).state == states.FINISHED:
            raise UserError(f"Run {run.id} is finished; start a new run with more epochs.")
    _write(chosen[1:], states.WAITING)
    code = 0
    for place, run in enumerate(chosen, start=1):
        state = _train_with_bar(run)
        code = max(code, _exit_code(state))
        if state == states.STOPPED:
            _write(chosen[place:], state)
            break
    return code


def _write(waiting: Sequence[Run], state: str) -> None:
    """Say of runs whose turn has not come how they are, and who answers for them."""
    for run in waiting if is_writer() else ():
        dataclasses.replace(states.read(run.path), state=state, process=Process.current()).write(run.path)


def _train_with_bar(run: Run) -> str:
    """Train with a progress bar; how the run was left, the same in every process."""
    with _bar() as on_status:
        state = _train(run.path, run.config, on_status)
    status = states.read(run.path)
    with suppress(UserError):
        for sentence in (*run.facts().remarks, *status.notes):
            print(sentence, file=sys.stderr)
    scores = ", ".join(f"{name} {value:.4g}" for name, value in status.scores.items())
    print(f"Run {run.id} {state} after {status.seconds:.0f} s. {status.error or scores}", file=sys.stderr)
    return state


def _train(path: Path, config: Config, on_status: Callable[[Status], None] = lambda _: None) -> str:
    if (path / SWEEP).exists():
        worker.refuse_group()
        worker.start_others(Run.open(path))
        return worker.work(path, on_status=on_status)
    if config.folds > 1 and not config.fold:
        return cross_validate(path, config, on_status=on_status)
    return train(path, config, on_status=on_status)


@contextmanager
def _bar() -> Iterator[Callable[[Status], None]]:
    # None: no bar where nobody sees it move.
    with tqdm(unit="step", disable=None if is_writer() else True, dynamic_ncols=True) as bar:

        def on_status(status: Status) -> None:
            bar.total = status.steps or None
            bar.n = status.step
            bar.set_description(
                f"epoch {min(status.epoch + 1, status.epochs)}/{status.epochs}", refresh=False
            )
            tags = {"loss": TRAIN_LOSS, "validation": VALIDATION_TOP1}
            values = {name: f"{status.latest[tag]:.4f}" for name, tag in tags.items() if tag in status.latest}
            bar.set_postfix(values)

        yield on_status


def _exit_code(state: str) -> int:
    return 1 if state == states.FAILED else 0
