"""How fast a sweep is beside optuna's own example loop, and what it costs beside the training of its trials.

Both are commands that start from nothing, imports included, on the same trials, which end after the same epochs: ours
chooses them and gives some up, the loop repeats that. Ours trains with two workers of one thread each, the loop as
PyTorch comes, with a thread for each core. They take turns, and the median of the rounds' ratios counts.

The overhead is what a worker does besides what each of its trials would cost as a run of its own, which is to make
its folder and to train it, over that; measured within one process.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any
from unittest import mock

from models.runtime.threads import use_threads
from models.training import runs
from models.training.config import Config
from models.training.runs import Run
from models.training.runs.status import Status
from models.training.session import train_held
from models.training.sweep import worker
from models.training.sweep.axis import parse
from models.training.sweep.plan import Plan
from tests.paths import ROOT

TRIALS, ROUNDS, WORKERS = 40, 3, 2
SHARED: dict[str, Any] = {"model": "mlp", "dataset": "mnist-10k", "train_samples": 2000, "epochs": 3}
AXES = ("learning_rate=1e-4..0.03:log", "dropout=0..0.5")


def options(parser: argparse.ArgumentParser) -> None:
    """How many trials, and how often."""
    parser.add_argument("--trials", type=int, default=TRIALS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)


def run(trials: int = TRIALS, rounds: int = ROUNDS) -> dict[str, float]:
    """Print how long each takes, and return the ratios."""
    print(f"{os.cpu_count()} cores; {trials} trials of {SHARED}")
    ratios = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            ours = _seconds(*_sweep(trials), root=folder)
            theirs = _seconds("tests.benchmarks._optuna", str(_write_trials(Path(folder))), root=folder)
        ratios.append(theirs / ours)
        print(f"ours {ours:.1f} s, optuna's loop {theirs:.1f} s: {ratios[-1]:.2f} x", flush=True)
    overhead = median(_overhead(trials) for _ in range(rounds))
    print(f"a worker's own work: {100 * overhead:.2f} % of the training of its trials (aim: below 3 %)")
    return {"speedup": round(median(ratios), 3), "overhead": round(overhead, 5)}


def _sweep(trials: int) -> list[str]:
    shared = [part for name, value in SHARED.items() for part in (f"--{name.replace('_', '-')}", str(value))]
    axes = [part for axis in AXES for part in ("--sweep", axis)]
    return ["models.training.sweep", *shared, *axes, "--trials", str(trials), "--parallel", str(WORKERS)]


def _seconds(module: str, *arguments: str, root: str) -> float:
    """How long a command takes that keeps its runs in a folder."""
    environment = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=environment | {"VITRINE_RUNS": root},
        check=True,
        capture_output=True,
    )
    return time.perf_counter() - began


def _write_trials(root: Path) -> Path:
    """What the sweep of a folder has tried, for the other loop."""
    (sweep,) = (found for found in runs.listing(root).runs if found.is_sweep)
    names = [parse(axis).name for axis in AXES]
    trials = [
        {
            "values": {name: getattr(trial.config, name) for name in names},
            # One that was given up within an epoch had ended the one before.
            "epochs": trial.status().epoch,
        }
        for trial in sweep.children()
    ]
    path = root / "trials.json"
    path.write_text(json.dumps({"shared": SHARED, "trials": trials}))
    return path


def _overhead(trials: int) -> float:
    """What one worker does besides making and training runs, over that."""
    spent = {"training": 0.0, "within": 0.0}

    @contextmanager
    def timed(name: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        spent[name] += time.perf_counter() - began

    def train(
        path: Path, config: Config, *, on_status: Callable[[Status], None], parent_wish: Callable[[], int]
    ) -> str:
        def tell(status: Status) -> None:
            with timed("within"):
                on_status(status)

        def wish() -> int:
            with timed("within"):
                return parent_wish()

        with timed("training"):
            return train_held(path, config, on_status=tell, parent_wish=wish)

    def create(*arguments: Any, **options: Any) -> Run:
        with timed("training"):
            return make(*arguments, **options)

    use_threads()
    make = runs.create
    with (
        tempfile.TemporaryDirectory() as root,
        mock.patch.dict(os.environ, VITRINE_RUNS=root),
        mock.patch.object(worker, "train_held", train),
        mock.patch.object(runs, "create", create),
    ):
        plan = Plan(tuple(parse(axis) for axis in AXES), trials=trials)
        sweep = make(Config(**SHARED, threads=1), sweep=plan.to_json())
        began = time.perf_counter()
        worker.work(sweep.path)
        wall = time.perf_counter() - began
    training = spent["training"] - spent["within"]
    return (wall - training) / training
