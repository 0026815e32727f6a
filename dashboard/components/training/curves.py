"""The curves of runs that are looked at, each read where it was left off."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard import cache
from dashboard.records.curves import Line
from dashboard.runs import CurveSource, parts_of
from dashboard.wording import training
from models.tensorboard.series import Series
from models.training.verdict import Verdict


def curves_of(source: CurveSource, colour: int) -> dict[str, list[Line]]:
    """A run's curves so far: title of the quantity -> its lines."""
    return training.curves(source, _series(source), colour)


def last_step(chosen: Sequence[CurveSource]) -> int:
    """The greatest step of any curve of some runs; 0 where there is none."""
    curves = [series for source in chosen for part in parts_of(source) for series in _series(part)]
    return max((int(series.steps.max()) for series in curves if series.steps.size), default=0)


def problems_of(source: CurveSource) -> tuple[str, ...]:
    """What could not be read of a run's logs."""
    return cache.event_reader(str(source.folder)).problems()


def verdict(source: CurveSource) -> Verdict | None:
    """What the curves of our own run show; None for a log or a cross-validation."""
    return training.verdict(source, _series(source))


def accuracy(source: CurveSource) -> float | None:
    """Share of the latest training pictures that were right, in [0, 1]; None where nothing was logged."""
    return training.recent_accuracy(_series(source))


def _series(source: CurveSource) -> Sequence[Series]:
    reader = cache.event_reader(str(source.folder))
    reader.refresh()
    return reader.series()
