"""k-fold cross-validation: one parent run, and one child for every part that is kept back."""

from __future__ import annotations

import dataclasses
import statistics
from collections.abc import Callable
from functools import partial
from pathlib import Path

from models.training import runs
from models.training.config import Config
from models.training.group import is_writer
from models.training.recorder import Recorder
from models.training.runs import lock
from models.training.runs import status as states
from models.training.runs.status import Status
from models.training.session import stop_on_signal, train

# Of these the mean and the standard deviation over the folds are written down.
SCORES = ("best_top1", "best_loss", "test_top1", "test_loss")


def cross_validate(run: Path, config: Config, *, on_status: Callable[[Status], None] = lambda _: None) -> str:
    """Train every fold that is not finished yet, one after the other.

    Args:
        run: the parent's folder.
        config: the parent's.
        on_status: is given every status of the parent that is written.

    Returns:
        How the parent was left: finished, stopped or failed.

    Raises:
        UserError: if another process trains this run or one of its folds.
    """
    children = [
        dataclasses.replace(config, fold=fold + 1, parent=run.name if is_writer() else "")
        for fold in range(config.folds)
    ]
    if not is_writer():
        left = (train(Path(), child) for child in children if not _is_finished(run, child))
        return next((state for state in left if state != states.FINISHED), states.FINISHED)
    with lock.hold(run):
        parent = Recorder(run, keep=0, on_status=on_status)
        with stop_on_signal(parent.stop):
            state, error = _train_folds(run, children, parent)
        if state == states.FINISHED:
            parent.add_scores(_summary([states.read(_path(run, child)) for child in children]))
        parent.end(state, error)
        return state


def _train_folds(run: Path, children: list[Config], parent: Recorder) -> tuple[str, str]:
    """Train the folds; how the last one was left, and why it failed."""
    parent.write_status(state=states.RUNNING, epochs=len(children))
    for child in children:
        if not _is_finished(run, child):
            path = _path(run, child)
            if not path.exists():
                runs.create(child, path.name, by=runs.Run.open(run).by)
            state = train(path, child, on_status=partial(_relay, parent, child.fold), parent_wish=parent.wish)
            if state != states.FINISHED:
                return state, states.read(path).error
        parent.write_status(epoch=child.fold)
    return states.FINISHED, ""


def _relay(parent: Recorder, fold: int, child: Status) -> None:
    """Tell of a fold's progress as its parent's, and hear what is asked of the parent."""
    parent.read_request()
    rest = parent.status.epochs - fold
    parent.write_status(
        state=child.state if child.active else states.RUNNING,
        step=(fold - 1) * child.steps + child.step,
        steps=parent.status.epochs * child.steps,
        images_per_second=child.images_per_second,
        remaining=None
        if child.remaining is None
        else child.remaining + rest * (child.seconds + child.remaining),
        parameters=child.parameters,
        threads=child.threads,
        processes=child.processes,
        latest=child.latest,
    )


def _summary(children: list[Status]) -> dict[str, float]:
    """Mean of each score over the folds, and its standard deviation as `spread_`."""
    scores: dict[str, float] = {}
    for name in SCORES:
        values = [child.scores[name] for child in children if name in child.scores]
        if len(values) > 1:
            scores |= {name: statistics.mean(values), f"spread_{name}": statistics.stdev(values)}
    return scores


def _path(run: Path, child: Config) -> Path:
    return run.with_name(runs.fold_id(run.name, child.fold))


def _is_finished(run: Path, child: Config) -> bool:
    return bool(run.name) and states.read(_path(run, child)).state == states.FINISHED
