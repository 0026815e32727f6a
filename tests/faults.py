"""Kill trainers at random moments, resume them, and compare with a run that nobody disturbed.

`python -m tests.faults` kills at fifty random moments and at every write of a run, which takes some minutes;
`python -m tests.faults 500 7` kills at 500 moments with seed 7.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from models.tensorboard.reader import EventReader
from models.tensorboard.scalars import SPEED
from models.training import runs, session
from models.training.config import Config
from models.training.runs import checkpoints, status

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


# A whole run forces about so many files and folders to the disk.
WRITES = 120


class Killer:
    """Trains the same run again and again, kills its trainers, and compares with one that was left alone."""

    def __init__(self, told: Callable[[str], None] = lambda _: None) -> None:
        # Forked from a process that has imported everything: a kill hits the training, not the imports.
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["models.training.session", "torchvision.transforms.v2"])
        self._told, self.kills, self.runs = told, 0, 0
        self.states: Counter[str] = Counter()
        # The first one waits for the imports, the second tells how long a run lasts without them.
        for _ in range(2):
            self._undisturbed, start = runs.create(CONFIG), time.monotonic()
            assert not self._killed(self._undisturbed)
            self._lasts = time.monotonic() - start
        assert status.read(self._undisturbed.path).state == status.FINISHED

    def at_random(self, kills: int, seed: int) -> None:
        """Half of the kills come at any time, half between two writes, where most can go wrong."""
        chance, end = random.Random(seed), self.kills + kills
        while self.kills < end:
            one, killed = runs.create(CONFIG), True
            while killed and self.kills < end:
                if chance.random() < 0.5:
                    killed = self._killed(one, after=chance.uniform(0, self._lasts))
                else:
                    killed = self._killed(one, at_write=chance.randint(1, WRITES))
            self._end(one)

    def at_every_write(self) -> None:
        """One kill at each write of a run, and one while it is resumed."""
        for number in range(1, WRITES + 1):
            one = runs.create(CONFIG)
            if self._killed(one, at_write=number):
                self._killed(one, at_write=number % 20 + 1)
            self._end(one)

    def _end(self, one: runs.Run) -> None:
        """Let a run finish; it must be as the undisturbed one."""
        assert not self._killed(one)
        check_same(one.path, self._undisturbed.path)
        self.runs += 1

    def _killed(self, one: runs.Run, *, after: float | None = None, at_write: int = 0) -> bool:
        """Train, and kill the trainer after so many seconds or at its n-th write; False if it was done before."""
        process = self._context.Process(target=_train, args=(one.path, one.config, at_write))
        process.start()
        process.join(after)
        process.kill()
        process.join()
        assert process.exitcode in {0, -signal.SIGKILL}, process.exitcode
        if process.exitcode == 0:
            return False
        state = check_opens(one)
        self.kills += 1
        self.states[state] += 1
        self._told(f"kill {self.kills}: {state} at step {one.status().step}")
        return True


def check_opens(one: runs.Run) -> str:
    """Everything in the folder of a killed run must open; the state that a reader is told."""
    opened = runs.Run.open(one.path)
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
    assert_equal([mine.state, mine.step, mine.scores], [theirs.state, theirs.step, theirs.scores])
    assert [c.step for c in checkpoints.read(one).all] == [c.step for c in checkpoints.read(other).all]
    for my_checkpoint, their_checkpoint in zip(
        checkpoints.read(one).all, checkpoints.read(other).all, strict=True
    ):
        assert_equal(my_checkpoint.tensors(), their_checkpoint.tensors())
        assert my_checkpoint.metrics == their_checkpoint.metrics
    assert_equal(checkpoints.load_latest(one)[1], checkpoints.load_latest(other)[1])
    assert_equal(logged(one), logged(other))


def logged(folder: Path) -> dict[str, tuple[np.ndarray, ...]]:
    """Tag -> steps and values, as a reader finds them; steps of a curve must grow without repetition."""
    reader = EventReader(folder)
    reader.refresh()
    curves: dict[str, tuple[np.ndarray, ...]] = {}
    curves |= {one.tag: (one.steps, one.values) for one in reader.series() if one.tag != SPEED}
    curves |= {f"histogram {one.tag}": (one.steps, *one.buckets) for one in reader.histograms()}
    for tag, (steps, *_) in curves.items():
        assert (np.diff(steps) > 0).all(), tag
    return curves


def assert_equal(mine: Any, theirs: Any) -> None:
    """The same, to the last bit, however deeply nested."""
    assert type(mine) is type(theirs)
    if isinstance(mine, torch.Tensor):
        assert mine.dtype == theirs.dtype and mine.equal(theirs)
    elif isinstance(mine, np.ndarray):
        assert np.array_equal(mine, theirs, equal_nan=True)
    elif isinstance(mine, dict):
        assert mine.keys() == theirs.keys(), (mine, theirs)
        for key in mine:
            assert_equal(mine[key], theirs[key])
    elif isinstance(mine, list | tuple):
        assert len(mine) == len(theirs)
        for a, b in zip(mine, theirs, strict=True):
            assert_equal(a, b)
    else:
        assert mine == theirs, (mine, theirs)


def _train(path: Path, config: Config, at_write: int) -> None:
    """Train; be killed when something is forced to the disk for the n-th time, be it a file or its folder."""
    fsync, number = os.fsync, itertools.count(1)

    def counting(descriptor: Any) -> None:
        if next(number) == at_write:
            os.kill(os.getpid(), signal.SIGKILL)
        fsync(descriptor)

    os.fsync = counting  # type: ignore[assignment]  # only ever called with a number here
    assert session.train(path, config) == status.FINISHED


def main(kills: int = 50, seed: int = 0) -> None:
    """Kill, compare, tell."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VITRINE_RUNS"] = folder
        killer = Killer(told=print)
        killer.at_random(kills, seed)
        killer.at_every_write()
    print(
        f"{killer.kills} kills in {killer.runs} runs: every folder opened, every run ended bit for bit as the "
        f"undisturbed one. States after a kill: {dict(killer.states)}."
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
