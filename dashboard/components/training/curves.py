"""The curves of runs that are looked at, each read where it was left off."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from dashboard import cache
from dashboard.runs import CurveSource, parts_of
from dashboard.wording import training
from dashboard.wording.curves import EVERYTHING, Charts, CurveChoice, charts
from models.tensorboard.parts import event_files
from models.tensorboard.reader import EventReader
from models.tensorboard.series import Session
from models.training.verdict import Verdict

# Seconds without a word after which nobody writes to a log any more.
QUIET = 600.0


def curves_of(source: CurveSource, colour: int, choice: CurveChoice = EVERYTHING) -> Charts:
    """A run's curves so far: title of the quantity -> its lines."""
    return charts(source.title, _reader(source).curves(), colour, choice)


def charts_of(parts: Sequence[CurveSource], colours: Mapping[str, int], choice: CurveChoice) -> Charts:
    """What is drawn of several runs: title of the quantity -> the lines of all."""
    drawn: Charts = {}
    for part in parts:
        for title, lines in curves_of(part, colours[part.name], choice).items():
            # What our runs log for each layer is for another page; of which nothing was logged yet is no chart.
            if part.run is None or "/" not in title:
                drawn.setdefault(title, []).extend(line for line in lines if np.isfinite(line.values).any())
    return {title: lines for title, lines in drawn.items() if lines and choice.find.lower() in title.lower()}


def first_and_last_step(chosen: Sequence[CurveSource]) -> tuple[int, int]:
    """The least and the greatest step of any curve of some runs; 0 where there is none."""
    sessions = [session for source in chosen for part in parts_of(source) for session in sessions_of(part)]
    return (
        min((session.first for session in sessions), default=0),
        max((session.last for session in sessions), default=0),
    )


def sessions_of(source: CurveSource) -> Sequence[Session]:
    """The sessions of a run, by time."""
    return _reader(source).sessions()


def contents_of(source: CurveSource) -> dict[str, set[str]]:
    """What a log holds that is no curve: its kind -> tags."""
    reader = _reader(source)
    histograms = {series.tag for series in reader.histograms()}
    return reader.others() | ({"histograms": histograms} if histograms else {})


def is_growing(source: CurveSource) -> bool:
    """Whether something was written to a log not long ago: whoever trains may write once an epoch."""
    return time.time() - max(map(_written, event_files(source.folder)), default=0.0) < QUIET


def problems_of(source: CurveSource) -> tuple[str, ...]:
    """What could not be read of a run's logs."""
    return cache.event_reader(str(source.folder)).problems()


def verdict(source: CurveSource) -> Verdict | None:
    """What the curves of our own run show; None for a log or a cross-validation."""
    return training.verdict(source, _reader(source).series())


def accuracy(source: CurveSource) -> float | None:
    """Share of the latest training pictures that were right, in [0, 1]; None where nothing was logged."""
    return training.recent_accuracy(_reader(source).series())


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _reader(source: CurveSource) -> EventReader:
    reader = cache.event_reader(str(source.folder))
    reader.refresh()
    return reader
