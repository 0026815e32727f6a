"""A folder of many logs, side by side with TensorBoard and its fast loader: both from cold, in turns.

What bounds ours is not the logs: of 0.28 s of the processor for a fresh process, 0.16 s go to its start and imports,
0.08 s to the figure, 0.02 s to the list and 0.01 s to the log that is looked at; others are read when they are. In a
browser the page itself takes longest.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from unittest import mock

from playwright.sync_api import Browser, sync_playwright
from torch.utils.tensorboard import SummaryWriter

from dashboard.charts.curves import CurveStyle, curves
from dashboard.wording.curves import charts
from models.tensorboard.folders import find_runs
from models.tensorboard.reader import EventReader
from tests.benchmarks.training_events import seconds
from tests.benchmarks.training_events import write as write_points
from tests.browser.chromium import executable, launch
from tests.browser.screen import Screen
from tests.browser.server import Server, free_port
from tests.paths import ROOT

LOGS, TAGS, POINTS = 200, 10, 1000  # logs, curves of each, points of each: TensorBoard serves no more of one
DIFFERENT = 4  # logs that are written; the others are their copies
ROUNDS, UPDATES = 3, 20
NEW = 100  # points that an update finds
PATIENCE = 300  # seconds
CHART = "() => document.querySelector('.js-plotly-plot .scatterlayer .trace')"
# What the app does with a log, in a process that has read and imported nothing.
FRESH = """
import sys
from pathlib import Path
from dashboard.charts.curves import CurveStyle, curves
from dashboard.wording.curves import charts
from models.tensorboard.folders import find_runs
from models.tensorboard.reader import EventReader
runs = {path.name: path for path in find_runs(Path(sys.argv[1]))}
reader = EventReader(runs[sys.argv[2]])
reader.refresh()
title, lines = next(iter(charts("run", reader.curves(), 0).items()))
assert len(runs) == int(sys.argv[3])
assert curves(title, lines, ["#336699"], CurveStyle(smoothing=0.6)).to_json()
"""
PALETTE = ["#336699"]


def run() -> dict[str, float]:
    """Print a table and return what is promised: shares of TensorBoard's time, and an update in milliseconds."""
    rows, results = measured()
    width = max(len(what) for what, _ in rows)
    for what, taken in rows:
        print(f"{what:{width}}  {taken * 1000:10.1f} ms")
    return {key: round(value, 4) for key, value in results.items()}


def measured() -> tuple[list[tuple[str, float]], dict[str, float]]:
    """Rows for a table in seconds, and the numbers that are promised."""
    path = executable()
    if path is None:
        raise SystemExit("There is no Chromium: install one, or name it in VITRINE_CHROMIUM.")
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "logs"
        write(root)
        environment = {"VITRINE_LOGS": str(root), "VITRINE_RUNS": str(Path(name) / "runs")}
        with mock.patch.dict(os.environ, environment), sync_playwright() as playwright:
            browser = launch(playwright, path)
            rounds = [_round(root, number, browser) for number in range(ROUNDS)]
            browser.close()
        times = {what: median(one[what] for one in rounds) for what in rounds[0]}
        update = _updates(root)
    theirs, page, process = (times[what] for what in ("served", "page", "process"))
    total = f"{LOGS} logs of {LOGS * TAGS * POINTS:,} points"
    rows = [
        (f"TensorBoard from cold, until it serves {total}", theirs),
        ("a running app that knows none of them: all listed, first chart drawn", page),
        ("a fresh process: all listed, first chart made", process),
        ("EventReader, all points of all logs", times["all"]),
        (f"an update of one of them by {NEW} points: read and drawn, median of {UPDATES}", update),
    ]
    return rows, {
        "logs_page_share": page / theirs,
        "logs_process_share": process / theirs,
        "logs_update_ms": 1000 * update,
    }


def write(root: Path) -> None:
    """A folder of logs as a bare SummaryWriter writes them."""
    for number in range(LOGS):
        folder = root / f"run_{number:03d}"
        if number >= DIFFERENT:
            shutil.copytree(root / f"run_{number % DIFFERENT:03d}", folder)
            continue
        with SummaryWriter(str(folder), max_queue=10_000) as writer:
            for step in range(POINTS):
                for tag in range(TAGS):
                    writer.add_scalar(f"metric_{tag}/train", 1 / (step + tag + number + 1), step)


def _round(root: Path, number: int, browser: Browser) -> dict[str, float]:
    """Each once, in seconds."""
    name = f"run_{number:03d}"
    with _tensorboard(root) as url:
        served = seconds(lambda: _wait_for_all(url))
        _check(root / name, url)
    with Server() as server:
        # Of somebody who uses the app: it is up, and the browser has its code.
        context = browser.new_context(viewport={"width": 1440, "height": 1000})
        Screen(context.new_page(), server.url).open("training", run="example-healthy")
        page = context.new_page()

        def visit() -> None:
            page.goto(f"{server.url}/training?run=log:{name}", wait_until="commit")
            page.wait_for_function(CHART, timeout=1000 * PATIENCE)

        drawn = seconds(visit)
        context.close()
    process = seconds(
        lambda: subprocess.run(
            [sys.executable, "-c", FRESH, str(root), name, str(LOGS)], cwd=ROOT, check=True
        )
    )
    return {"served": served, "page": drawn, "process": process, "all": seconds(lambda: _read_all(root))}


def _read_all(root: Path) -> None:
    count = 0
    for path in find_runs(root):
        reader = EventReader(path)
        reader.refresh()
        count += sum(curve.steps.size for curve in reader.curves())
    assert count == LOGS * TAGS * POINTS


def _updates(root: Path) -> float:
    """Seconds that an update takes, from the file to the chart."""
    source = root / "run_000"
    with tempfile.TemporaryDirectory() as name:
        write_points(Path(name), NEW)
        more = next(Path(name).iterdir()).read_bytes()
    reader = EventReader(source)
    reader.refresh()
    times = []
    for _ in range(UPDATES):
        with next(source.iterdir()).open("ab") as file:
            file.write(more)
        times.append(seconds(lambda: _redraw(reader)))
    assert sum(series.steps.size for series in reader.series()) == TAGS * POINTS + UPDATES * NEW
    return median(times)


def _redraw(reader: EventReader) -> None:
    assert reader.refresh() == NEW
    title, lines = next(iter(charts("run", reader.curves(), 0).items()))
    assert curves(title, lines, PALETTE, CurveStyle(smoothing=0.6)).to_json()


# TensorBoard


@contextmanager
def _tensorboard(root: Path) -> Iterator[str]:
    """TensorBoard with its fast loader, which it starts by itself; yields its address at once."""
    port = free_port()
    command = [sys.executable, "-m", "tensorboard.main", "--logdir", str(root), "--load_fast", "true"]
    with subprocess.Popen(
        [*command, "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield f"http://localhost:{port}/data/plugin/scalars"
        finally:
            process.terminate()


def _wait_for_all(url: str) -> None:
    """Until it lists all logs, and has all points of the first and the last."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            if len(_get(f"{url}/tags")) == LOGS and all(
                len(_scalars(url, f"run_{number:03d}", TAGS - 1)) == POINTS for number in (0, LOGS - 1)
            ):
                return
        except OSError:
            pass
        time.sleep(0.02)
    raise SystemExit("TensorBoard did not serve the logs.")


def _scalars(url: str, run: str, tag: int) -> list[list[float]]:
    found: list[list[float]] = _get(f"{url}/scalars?run={run}&tag=metric_{tag}%2Ftrain")
    return found


def _get(url: str) -> list[list[float]]:
    with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
        found: list[list[float]] = json.load(answer)
    return found


def _check(folder: Path, url: str) -> None:
    """Both have the same values."""
    reader = EventReader(folder)
    reader.refresh()
    for curve in reader.curves():
        tag = int(curve.tag.removeprefix("metric_").removesuffix("/train"))
        columns = (curve.wall_times, curve.steps, curve.values)
        assert _scalars(url, folder.name, tag) == [list(point) for point in zip(*columns, strict=True)]
