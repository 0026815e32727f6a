"""Kill trainers at random moments, resume them, and compare with a run that nobody disturbed.

`python -m tests.faults` kills fifty times; `python -m tests.faults 500 7` kills 500 times with seed 7.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

from models.training import checkpoints, run, session, status
from models.training.config import Config
from models.training.events import EventReader
from models.training.scalars import SPEED

# Everything that has a state of its own: momenta, a schedule with warmup, dropout and augmentation that draw.
CONFIG = Config(
    model="mlp",
    train_samples=600,
    epochs=5,
    batch_size=16,
    dropout=0.2,
    augmentation="affine",
    warmup=20,
    every_k=7,
    checkpoint_every=25,
    keep_mb=4,
    seed=3,
    threads=1,
    device="cpu",
)


@dataclass
class Report:
    """What the kills did."""

    kills: int = 0
    runs: int = 0
    states: dict[str, int] = field(default_factory=dict)


def kill_and_compare(kills: int, *, seed: int, told: Callable[[str], None] = lambda _: None) -> Report:
    """Kill so many trainers, each at a random moment of a whole run's time; every run must end as the undisturbed.

    Raises:
        AssertionError: if a folder does not open after a kill, or a run ends otherwise.
    """
    # Forked from a process that has imported everything: a kill hits the training, not the imports.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["models.training.session", "torchvision.transforms.v2"])
    chance, report = random.Random(seed), Report()
    # The first one waits for the imports, the second tells how long a run lasts without them.
    for _ in range(2):
        undisturbed, start = run.create(CONFIG), time.monotonic()
        _trained(context, undisturbed)
        lasts = time.monotonic() - start
    assert status.read(undisturbed.path).state == status.FINISHED
    while report.kills < kills:
        one = run.create(CONFIG)
        while report.kills < kills and _killed(context, one, chance.uniform(0, lasts)):
            report.kills += 1
            state = check_opens(one)
            report.states[state] = report.states.get(state, 0) + 1
            told(f"kill {report.kills}: {state} at step {one.status().step}")
        _trained(context, one)
        check_same(one.path, undisturbed.path)
        report.runs += 1
    return report


def check_opens(one: run.Run) -> str:
    """Everything in the folder of a killed run must open; the state that a reader is told."""
    opened = run.Run.open(one.path)
    found = opened.checkpoints()
    assert not found.problems, found.problems
    for checkpoint in found.all:
        assert all(tensor.isfinite().all() for tensor in checkpoint.tensors().values())
    state = opened.status().state
    assert state in {status.STARTING, status.INTERRUPTED, status.FINISHED}, state
    return state


def check_same(one: Path, other: Path) -> None:
    """Two finished runs must agree bit for bit, in weights, optimizer, generators, log and scores."""
    mine, theirs = status.read(one), status.read(other)
    assert (mine.state, mine.step, mine.scores) == (theirs.state, theirs.step, theirs.scores)
    assert [c.step for c in checkpoints.read(one).all] == [c.step for c in checkpoints.read(other).all]
    for my_checkpoint, their_checkpoint in zip(
        checkpoints.read(one).all, checkpoints.read(other).all, strict=True
    ):
        assert_equal(my_checkpoint.tensors(), their_checkpoint.tensors())
        assert my_checkpoint.metrics == their_checkpoint.metrics
    assert_equal(checkpoints.latest(one)[1], checkpoints.latest(other)[1])
    assert_equal(logged(one), logged(other))


def logged(folder: Path) -> dict[str, tuple[np.ndarray, ...]]:
    """Tag -> steps and values, as a reader finds them; steps of a curve must grow without repetition."""
    reader = EventReader(folder)
    reader.refresh()
    curves = {one.tag: (one.steps, one.values) for one in reader.series() if one.tag != SPEED}
    curves |= {f"histogram {one.tag}": (one.steps, *one.buckets) for one in reader.histograms()}
    for tag, (steps, *_) in curves.items():
        assert (np.diff(steps) > 0).all(), tag
    return curves


def assert_equal(mine: object, theirs: object) -> None:
    """The same, to the last bit, however deeply nested."""
    assert type(mine) is type(theirs)
    if isinstance(mine, torch.Tensor):
        assert mine.dtype == theirs.dtype and mine.equal(theirs)
    elif isinstance(mine, np.ndarray):
        assert np.array_equal(mine, theirs, equal_nan=True)
    elif isinstance(mine, dict):
        assert mine.keys() == theirs.keys()
        for key in mine:
            assert_equal(mine[key], theirs[key])
    elif isinstance(mine, list | tuple):
        assert len(mine) == len(theirs)
        for a, b in zip(mine, theirs, strict=True):
            assert_equal(a, b)
    else:
        assert mine == theirs


def _trained(context, one: run.Run) -> None:
    process = context.Process(target=session.train, args=(one.path, one.config))
    process.start()
    process.join()
    assert process.exitcode == 0, process.exitcode


def _killed(context, one: run.Run, moment: float) -> bool:
    """Start a trainer and kill it after so many seconds; False if it was done before."""
    process = context.Process(target=session.train, args=(one.path, one.config))
    process.start()
    process.join(moment)
    if process.exitcode is not None:
        assert process.exitcode == 0, process.exitcode
        return False
    process.kill()
    process.join()
    return process.exitcode == -signal.SIGKILL


def main(kills: int = 50, seed: int = 0) -> None:
    """Kill, compare, tell."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VITRINE_RUNS"] = folder
        report = kill_and_compare(kills, seed=seed, told=print)
    print(
        f"{report.kills} kills in {report.runs} runs: every folder opened, every run ended bit for bit as the "
        f"undisturbed one. States after a kill: {report.states}."
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
