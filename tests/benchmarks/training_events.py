"""Reading event files, side by side with TensorBoard's own reader in one run."""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import google_crc32c
import numpy as np
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto import event_pb2
from torch.utils.tensorboard import SummaryWriter

from dashboard.charts.reduction import reduce_points, smooth
from models.tensorboard.reader import EventReader

TAGS = 10
SCALARS = 100_000
LONG = 10  # times as many points has the long run
NEW = 100  # points that a refresh finds
ROUNDS = 5


def run() -> dict[str, float]:
    """Print a table and return `event_reader_speedup` and `refresh_ms`."""
    rows, results = measured()
    width = max(len(what) for what, _ in rows)
    for what, seconds in rows:
        print(f"{what:{width}}  {seconds * 1000:10.2f} ms")
    print(f"{'speed-up over EventAccumulator':{width}}  {results['event_reader_speedup']:10.1f} x")
    return results


def event_reader_rows() -> list[tuple[str, float]]:
    """What was measured and how many seconds it took."""
    return measured()[0]


def measured() -> tuple[list[tuple[str, float]], dict[str, float]]:
    """Rows for a table, and the numbers that are promised."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        short, long, new = folder / "short", folder / "long", folder / "new"
        write(short, SCALARS)
        write(new, NEW)
        check(short)
        readers = {
            f"EventAccumulator, {SCALARS:,} scalars of {TAGS} tags": lambda: accumulated(short),
            "its proto and a C crc32c": lambda: by_proto(short),
            "EventReader": lambda: EventReader(short).refresh(),
        }
        rows = list(best(readers).items())
        speedup = rows[0][1] / rows[2][1]
        long.mkdir()
        content, more = (next(one.iterdir()).read_bytes() for one in (short, new))
        (long / "events.out.tfevents.1.long").write_bytes(content * LONG)
        rows += refreshes(long, more)
    return rows, {"event_reader_speedup": speedup, "refresh_ms": 1000 * rows[-2][1]}


def write(folder: Path, count: int) -> None:
    """A run as a bare SummaryWriter logs it."""
    with SummaryWriter(str(folder), max_queue=10_000) as writer:
        for step in range(count // TAGS):
            for tag in range(TAGS):
                writer.add_scalar(f"metric_{tag}/train", 1 / (step + tag + 1), step)


def check(folder: Path) -> None:
    """Both readers find the same."""
    theirs, ours = accumulated(folder), EventReader(folder)
    ours.refresh()
    assert theirs.Tags()["scalars"] == [one.tag for one in ours.series()]
    for one in ours.series():
        expected = [(event.step, event.value, event.wall_time) for event in theirs.Scalars(one.tag)]
        assert expected == [*zip(one.steps, one.values, one.wall_times, strict=True)]


def accumulated(folder: Path) -> EventAccumulator:
    """TensorBoard's reader, told to keep everything."""
    return EventAccumulator(str(folder), size_guidance={"scalars": 0}).Reload()


def by_proto(folder: Path) -> dict[str, list[tuple[int, float, float]]]:
    """The plain way: each record through TensorBoard's message class, each checksum in C."""
    data = next(folder.iterdir()).read_bytes()
    found: dict[str, list[tuple[int, float, float]]] = {}
    place = 0
    while place < len(data):
        length = int.from_bytes(data[place : place + 8], "little")
        payload = data[place + 12 : place + 12 + length]
        crc = google_crc32c.value(payload)
        stored = int.from_bytes(data[place + 12 + length : place + 16 + length], "little")
        assert stored == (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF
        event = event_pb2.Event.FromString(payload)
        for value in event.summary.value:
            found.setdefault(value.tag, []).append((event.step, value.simple_value, event.wall_time))
        place += 16 + length
    return found


def best(functions: dict[str, Callable[[], object]]) -> dict[str, float]:
    """The shortest of several rounds of each, taken in turns, in seconds."""
    times: dict[str, list[float]] = {name: [] for name in functions}
    for _ in range(ROUNDS):
        for name, function in functions.items():
            times[name].append(seconds(function))
    return {name: min(found) for name, found in times.items()}


def refreshes(folder: Path, more: bytes) -> list[tuple[str, float]]:
    """A long run: its first read, refreshes that find new points, and what a chart then costs."""
    reader = EventReader(folder)
    rows = [(f"EventReader, first read of {SCALARS * LONG:,}", seconds(reader.refresh))]
    times = []
    for _ in range(4 * ROUNDS):
        with next(folder.iterdir()).open("ab") as file:
            file.write(more)
        times.append(seconds(lambda: (reader.refresh(), reader.series())))
    assert sum(one.steps.size for one in reader.series()) == SCALARS * LONG + 4 * ROUNDS * NEW
    rows.append((f"a refresh that finds {NEW} new points, median of {len(times)}", median(times)))
    values = np.random.default_rng(0).normal(size=SCALARS * LONG)
    steps = np.arange(values.size)
    chart = seconds(lambda: reduce_points(steps, smooth(values, 0.9)))
    return [*rows, (f"a curve of {values.size:,} points smoothed and reduced", chart)]


def seconds(function: Callable[[], object]) -> float:
    """How long a call takes."""
    gc.collect()
    began = time.perf_counter()
    function()
    return time.perf_counter() - began


if __name__ == "__main__":
    run()
