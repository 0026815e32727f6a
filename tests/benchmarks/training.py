"""How fast networks learn, what watching them costs, and how a page feels meanwhile.

What is compared takes turns, round by round, and the median of the rounds' ratios counts: a machine that does other
things meanwhile slows both sides alike. One thread trains, as on a machine of two cores. What ours is held against runs
in a process of its own, as anybody starts it, without what our trainer asks of the C library.

What bounds the small CNN is its convolutions: 17 of the 20 ms of processor time that its kernels need for 32 pictures,
each measured alone, at 220 GFLOP/s of the 260 that a core of four gigahertz with AVX-512 can do. The tutorial's kernels
need 27 ms with channels first, its pictures 2 ms, pages that the system clears 5 ms.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from unittest import mock

import torch
from playwright.sync_api import Browser, sync_playwright
from torch import Tensor, nn
from torch.utils.data import DataLoader

from models.datasets.entry import Arrays
from models.runtime.memory import keep_freed_memory
from models.runtime.progress import silent
from models.training import launcher, measures, network, runs
from models.training.config import Config
from models.training.data import TrainingData, load
from models.training.group import Group
from models.training.loop import Trainer
from models.training.observer import Observer
from models.training.pictures import dataset_of
from models.training.recorder import Recorder
from models.training.runs import Run, control
from models.training.runs import status as states
from tests.benchmarks import training_events, training_logs
from tests.benchmarks._tutorial import Tutorial
from tests.benchmarks.pages import COMPLETE
from tests.browser.chromium import executable, launch
from tests.browser.screen import WATCH
from tests.browser.server import Server

CPU = torch.device("cpu")
THREADS = 1
PROCESSES = get_context("spawn")
# Least speedups over the tutorial's loop, by network and batch size.
SPEEDUPS = {("mlp", 32): 3.0, ("cnn", 32): 2.0}
ROUNDS = {"mlp": 5, "cnn": 3}
# Of so many pictures an epoch of each network is long enough to measure.
PICTURES = {"mlp": 9_000, "cnn": 1_500}
# Blocks of so many steps; six of them are an epoch.
BLOCK, LOGGING_ROUNDS = 47, 150
EPOCH_ENDS = 7
TURNS, VISITS = 4, 4


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        what: was measured.
        value: in the unit.
        unit: of the value and the aim.
        key: in the JSON object; empty where it is only shown.
        least: aim from below, or None.
        most: aim from above, or None.
    """

    what: str
    value: float
    unit: str
    key: str = ""
    least: float | None = None
    most: float | None = None

    def __str__(self) -> str:
        return f"{self.what:<70} {self.value:>12,.4g} {self.unit:<9} {self._aim()}"

    def _aim(self) -> str:
        if self.least is not None:
            return f"aim {self.least:g} or more, {'met' if self.value >= self.least else 'MISSED'}"
        if self.most is not None:
            return f"aim {self.most:g} or less, {'met' if self.value <= self.most else 'MISSED'}"
        return ""


def run() -> dict[str, float]:
    """Print the table and return its numbers by key."""
    print(
        f"{os.cpu_count()} cores; {THREADS} thread trains; medians of rounds in which the compared take turns"
    )
    torch.set_num_threads(THREADS)
    keep_freed_memory()
    rows: list[Row] = []
    for measure in (_speed, _logging, _epoch_ends, _events, _logs, _pages):
        for row in measure():
            print(row, flush=True)
            rows.append(row)
    return {row.key: round(row.value, 4) for row in rows if row.key}


# The loop against the tutorial's


def _speed() -> Iterator[Row]:
    for model, batch_size in (("mlp", 32), ("mlp", 256), ("cnn", 32), ("cnn", 256)):
        config = _config(model, batch_size=batch_size, train_samples=PICTURES[model])
        data = load(config, CPU)
        with _others(config) as contenders, _recorded(config, data) as trainer:
            times = _in_turns({**contenders, "ours": partial(_epoch, trainer)}, ROUNDS[model])
        what = f"{model}, batch {batch_size}"
        for name, title in {
            "tutorial": "the tutorial's loop",
            "bare": "a bare loop in memory",
            "ours": "ours",
        }.items():
            yield Row(f"{what}: {title}", PICTURES[model] / median(times[name]), "images/s")
        promised = (model, batch_size) == ("mlp", 32)
        yield Row(
            f"{what}: ours, with its log, over the tutorial's",
            _ratio(times["tutorial"], times["ours"]),
            "x",
            key=f"{model}_speedup_over_tutorial" + ("" if promised else f"_batch_{batch_size}"),
            least=SPEEDUPS.get((model, batch_size)),
        )


@contextmanager
def _others(config: Config) -> Iterator[dict[str, Callable[[], None]]]:
    """One epoch of each loop that ours is held against, in a process that is theirs."""
    ours, theirs = PROCESSES.Pipe()
    process = PROCESSES.Process(target=_train_others, args=(theirs, config), daemon=True)
    process.start()
    theirs.close()

    def epoch(name: str) -> None:
        ours.send(name)
        ours.recv()

    yield {name: partial(epoch, name) for name in ("tutorial", "bare")}
    ours.close()
    process.join()


def _train_others(connection: Connection, config: Config) -> None:
    """Train an epoch of the loop that is named, and answer, until nobody asks."""
    torch.set_num_threads(THREADS)
    data = load(config, CPU)
    loops = {"tutorial": _tutorial(config, data), "bare": _bare(config, data)}
    with suppress(EOFError):
        while True:
            loops[connection.recv()]()
            connection.send(True)


def _tutorial(config: Config, data: TrainingData) -> Callable[[], None]:
    """One epoch as PyTorch's beginners' tutorial trains."""
    dataset = dataset_of(config)
    images = dataset.load(silent)
    assert isinstance(images, Arrays)
    loader = DataLoader(
        Tutorial(images, config.train_samples, dataset), batch_size=config.batch_size, shuffle=True
    )
    module, criterion, optimizer = _parts(config, data)

    def epoch() -> None:
        module.train()
        for batch, (inputs, targets) in enumerate(loader):
            loss = criterion(module(inputs), targets)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            if batch % 100 == 0:
                loss.item()

    return epoch


def _bare(config: Config, data: TrainingData) -> Callable[[], None]:
    """One epoch from a tensor in memory, and nothing else."""
    module, criterion, optimizer = _parts(config, data)
    pixels, targets = data.train.take(torch.arange(len(data.train)))
    dataset = dataset_of(config)
    mean, std = dataset.mean[0], dataset.std[0]

    def epoch() -> None:
        for indices in torch.randperm(len(targets)).split(config.batch_size):
            inputs = (pixels[indices].float() / 255 - mean) / std
            loss = criterion(module(inputs), targets[indices])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    return epoch


def _parts(config: Config, data: TrainingData) -> tuple[nn.Module, nn.Module, torch.optim.Optimizer]:
    module = network.build(config, data)
    return module, nn.CrossEntropyLoss(), torch.optim.Adam(module.parameters(), lr=config.learning_rate)


# What watching costs


class Unlogged(Trainer):
    """The same loop, which keeps no number of any step."""

    def _step(self, indices: Tensor) -> int:
        inputs, targets = self._take(indices)
        with self._autocast():
            loss = self._criterion(self._forward(inputs), targets)
        wish = self._agree(loss)
        self._optimizer.zero_grad()
        self._scaler.scale(loss).backward()
        self._scaler.unscale_(self._optimizer)
        self._update()
        return wish


def _logging() -> Iterator[Row]:
    config = _config("mlp", batch_size=32)
    data = load(config, CPU)
    silent_config = _config("mlp", batch_size=32, every_k=10**9)
    unlogged = Unlogged(
        silent_config, data, network.build(config, data), group=Group(CPU), observer=Observer()
    )
    with _recorded(config, data) as logged:
        contenders = {"logged": partial(next, _blocks(logged)), "unlogged": partial(next, _blocks(unlogged))}
        times = _in_turns(contenders, LOGGING_ROUNDS)
        processor = _in_turns(contenders, LOGGING_ROUNDS, clock=time.process_time)
    what = f"scalar logging, batch 32, norms every {config.every_k} steps"
    aim = {"key": "logging_overhead", "most": 0.03}
    yield Row(f"{what}: share of the time", _undisturbed(times), "", **aim)  # type: ignore[arg-type]
    yield Row(f"{what}: of the processor's time", _undisturbed(processor), "", "logging_overhead_processor")
    yield Row("a step without logging", 1000 * median(times["unlogged"]) / BLOCK, "ms")


def _blocks(trainer: Trainer) -> Iterator[None]:
    """Train on and on, and come back after every few steps: blocks so short that a disturbance hits few."""
    while True:
        for number, indices in enumerate(trainer._batches(), start=1):
            trainer._step(indices)
            if number % BLOCK == 0:
                yield
        _next_epoch(trainer)


def _undisturbed(times: Mapping[str, list[float]]) -> float:
    """How much longer logged blocks take than unlogged ones, in all, without the tenth of rounds that took longest."""
    rounds = sorted(zip(times["logged"], times["unlogged"], strict=True), key=sum)
    logged, unlogged = zip(*rounds[: -len(rounds) // 10], strict=True)
    return float(sum(logged) / sum(unlogged) - 1)


def _epoch_ends() -> Iterator[Row]:
    config = _config("mlp", batch_size=32)
    data = load(config, CPU)
    with _recorded(config, data) as trainer:
        _epoch(trainer)
        observer = trainer._observer

        def checkpoint() -> None:
            trainer.progress.step += 1
            trainer._save_checkpoint({})

        parts = {
            "validation": trainer._validate,
            "histograms": lambda: observer.log_layers(
                trainer.progress.step, *measures.layer_statistics(trainer.network)
            ),
            "checkpoint": checkpoint,
        }
        times = _in_turns(parts, EPOCH_ENDS)
    for name, found in times.items():
        yield Row(f"at an epoch's end: {name}", 1000 * median(found), "ms", f"epoch_end_{name}_ms")


# Reading logs, and a page meanwhile


def _events() -> Iterator[Row]:
    rows, promised = training_events.measured()
    for what, seconds in rows:
        yield Row(what, 1000 * seconds, "ms")
    aims = {"event_reader_speedup": ("x", 5, None), "refresh_ms": ("ms", None, 50)}
    for key, (unit, least, most) in aims.items():
        yield Row(key.replace("_", " "), promised[key], unit, key, least=least, most=most)


def _logs() -> Iterator[Row]:
    rows, promised = training_logs.measured()
    for what, seconds in rows:
        yield Row(what, 1000 * seconds, "ms")
    for key, (unit, most) in {
        "logs_process_share": ("", 1 / 3),
        "logs_page_share": ("", None),
        "logs_update_ms": ("ms", 50),
    }.items():
        yield Row(key.replace("_", " "), promised[key], unit, key, most=most)


def _pages() -> Iterator[Row]:
    path = executable()
    if path is None:
        raise SystemExit("There is no Chromium: install one, or name it in VITRINE_CHROMIUM.")
    threads = os.cpu_count() or 1
    times: dict[str, list[float]] = {control.PAUSE: [], control.RESUME: []}
    with (
        tempfile.TemporaryDirectory() as root,
        mock.patch.dict(os.environ, VITRINE_RUNS=root),
        sync_playwright() as playwright,
        Server(threads=threads) as server,
        _training() as run,
    ):
        browser = launch(playwright, path)
        _visit(browser, server, 0)
        for turn in range(TURNS):
            for half, wish in enumerate(times):
                _told(run, wish)
                first = 1 + (2 * turn + half) * VISITS
                times[wish] += [_visit(browser, server, number) for number in range(first, first + VISITS)]
        browser.close()
    idle, busy = times.values()
    what = f"a new picture's complete first page, app with {threads} threads"
    yield Row(f"{what}: idle", 1000 * median(idle), "ms")
    yield Row(f"{what}: while a run trains", 1000 * median(busy), "ms")
    slowdown = median(busy) / median(idle)
    yield Row("the page's slowdown while a run trains", slowdown, "x", "page_slowdown_while_training", most=2)


def _visit(browser: Browser, server: Server, number: int) -> float:
    """Seconds until the first page is complete on a picture that nobody has looked at."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto(f"{server.url}/?image=mnist-10k/test/{number}", wait_until="commit")
    milliseconds: float = page.wait_for_function(COMPLETE, timeout=120_000).json_value()
    context.close()
    return milliseconds / 1000


@contextmanager
def _training() -> Iterator[Run]:
    """A run in a process of its own, as the page starts it, that would go on for hours."""
    run = launcher.launch(Config(model="cnn", epochs=10_000))
    try:
        yield run
    finally:
        run.ask(control.STOP)
        _wait(lambda: not run.status().active)


def _told(run: Run, wish: str) -> None:
    """Have a run pause or go on, and wait until it does."""
    reached = {control.PAUSE: states.PAUSED, control.RESUME: states.RUNNING}[wish]
    _wait(lambda: run.status().step > 0)
    run.ask(wish)
    _wait(lambda: run.status().state == reached)


def _wait(reached: Callable[[], bool], patience: float = 120) -> None:
    deadline = time.monotonic() + patience
    while not reached():
        if time.monotonic() > deadline:
            raise SystemExit("The run does not do as it is told.")
        time.sleep(0.2)


# Clocks


def _config(model: str, **changes: int | str) -> Config:
    return Config(model=model, dataset="mnist-10k", threads=THREADS, device="cpu", epochs=1000, **changes)  # type: ignore[arg-type]


@contextmanager
def _recorded(config: Config, data: TrainingData) -> Iterator[Trainer]:
    """A trainer that writes into a run's folder all that a real one writes."""
    with tempfile.TemporaryDirectory() as folder:
        run = runs.create(config, "measured", Path(folder))
        recorder = Recorder(run.path, keep=10**8)
        (run.path / "checkpoints").mkdir()
        trainer = Trainer(config, data, network.build(config, data), group=Group(CPU), observer=recorder)
        recorder.begin(0, steps=trainer.total, epochs=config.epochs)
        yield trainer
        recorder.end(states.STOPPED)


def _epoch(trainer: Trainer) -> None:
    """The steps of one epoch, without what comes at its end."""
    for indices in trainer._batches():
        trainer._step(indices)
    _next_epoch(trainer)


def _next_epoch(trainer: Trainer) -> None:
    trainer._drain()
    trainer.progress.epoch += 1
    trainer.progress.position = 0


def _in_turns(
    contenders: Mapping[str, Callable[[], object]],
    rounds: int,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, list[float]]:
    """Seconds of each contender in each round, after one that does not count."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(rounds + 1):
        # Forwards and backwards, so that none is always the one after another.
        for name in list(contenders)[:: 1 if number % 2 else -1]:
            began = clock()
            contenders[name]()
            times[name].append(clock() - began)
    return {name: found[1:] for name, found in times.items()}


def _ratio(above: list[float], below: list[float]) -> float:
    """The median of the rounds' ratios."""
    return median(a / b for a, b in zip(above, below, strict=True))
