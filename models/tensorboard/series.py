"""Curves and histograms of a run: the records that are handed out, and the columns that grow behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

# What decoding yields for each point; the index is the record's place in its file.
POINT = np.dtype([("index", "i8"), ("step", "i8"), ("wall", "f8"), ("value", "f8")])


@dataclass(frozen=True, eq=False)
class Series:
    """One curve, as it was logged: steps can repeat or go back, values can be NaN or infinite.

    Attributes:
        tag: its name in the log; any text.
        part: the folder within the run that it was logged to ("train"); empty for the run's own.
        steps: (n,) int64.
        values: (n,) float64.
        wall_times: (n,) float64, seconds since 1970.
    """

    tag: str
    part: str
    steps: np.ndarray
    values: np.ndarray
    wall_times: np.ndarray


# What a curve counts from left to right: optimizer steps, epochs, or nothing, so that its points only have an order.
STEP, EPOCH, ORDER = "step", "epoch", "order"


@dataclass(frozen=True, eq=False)
class Curve:
    """One line of a chart: what one writer logged under one tag in one session.

    Attributes:
        tag: its name in the log; any text.
        part: the folder within the run that it was logged to; empty for the run's own.
        writer: what tells it from others that logged the same; empty where there is one writer.
        session: its place among the sessions of the run.
        steps: (n,) int64, ascending; the same step can come with several values.
        values: (n,) float64, can be NaN or infinite.
        wall_times: (n,) float64, seconds since 1970.
        unit: what its positions are, STEP, EPOCH or ORDER.
        positions: (n,) int64, ascending, where its points are drawn.
    """

    tag: str
    part: str
    writer: str
    session: int
    steps: np.ndarray
    values: np.ndarray
    wall_times: np.ndarray
    unit: str = STEP
    positions: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))

    def __post_init__(self) -> None:
        if self.positions.size != self.steps.size:
            object.__setattr__(self, "positions", self.steps)


@dataclass(frozen=True)
class Session:
    """A stretch of a log in which steps go on.

    Attributes:
        begun: when its first point was logged, in seconds since 1970.
        first: its least step.
        last: its greatest step.
    """

    begun: float
    first: int
    last: int


@dataclass(frozen=True, eq=False)
class HistogramSeries:
    """One quantity's distribution over time.

    Attributes:
        tag: its name in the log; any text.
        part: the folder within the run that it was logged to; empty for the run's own.
        steps: (n,) int64.
        wall_times: (n,) float64, seconds since 1970.
        buckets: n arrays of shape (bins, 3), float64: left edge, right edge, count; bins may differ.
    """

    tag: str
    part: str
    steps: np.ndarray
    wall_times: np.ndarray
    buckets: tuple[np.ndarray, ...]


class Columns(NamedTuple):
    """The points of one tag in one file, in the order of the records; not to be written.

    Attributes:
        steps: (n,) int64.
        values: (n,) float64.
        walls: (n,) float64, seconds since 1970.
        order: (n,) int64, ascending: the places of their records in the file.
    """

    steps: np.ndarray
    values: np.ndarray
    walls: np.ndarray
    order: np.ndarray

    def cut(self, kept: slice | np.ndarray) -> Columns:
        """Some of the points."""
        return Columns(*(column[kept] for column in self))

    @classmethod
    def concatenate(cls, parts: Sequence[Columns]) -> Columns:
        """One after the other; as they are where there is one."""
        if len(parts) == 1:
            return parts[0]
        return cls(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


class CurveBuffer:
    """The points of one tag in one file, in arrays that double when they are full.

    What was handed out stays as it is: points are only added behind it, and leaving some out makes new arrays.
    """

    def __init__(self) -> None:
        self.count = 0
        self._columns = Columns(np.empty(0, np.int64), np.empty(0), np.empty(0), np.empty(0, np.int64))

    def extend(self, pieces: Sequence[np.ndarray]) -> int:
        """Add points (arrays of POINT) in the order of their index; returns how many."""
        points = np.concatenate(pieces)
        if len(pieces) > 1:
            points = points[np.argsort(points["index"], kind="stable")]
        end = self.count + points.size
        if end > self._columns.steps.size:
            # Those before stay with whom they were handed out to.
            size = max(end, 2 * self._columns.steps.size)
            self._columns = Columns(*(_enlarge(column[: self.count], size) for column in self._columns))
        for column, name in zip(self._columns, ("step", "value", "wall", "index"), strict=True):
            column[self.count : end] = points[name]
        self.count = end
        return int(points.size)

    def before(self, limit: int | None) -> Columns:
        """The points before a step, or all."""
        columns = self._columns.cut(slice(self.count))
        if limit is not None:
            columns = columns.cut(columns.steps < limit)
        for column in columns:
            column.flags.writeable = False
        return columns

    def cut(self, limit: int) -> int:
        """Forget the points from a step on; returns how many."""
        kept = self._columns.steps[: self.count] < limit
        forgotten = self.count - int(kept.sum())
        if forgotten:
            # New arrays: what is added next must not be written over what was handed out.
            self._columns = self._columns.cut(slice(self.count)).cut(kept)
            self.count -= forgotten
        return forgotten


def _enlarge(column: np.ndarray, size: int) -> np.ndarray:
    """A copy of a column in an array of a larger size, the rest of which means nothing yet."""
    larger = np.empty(size, column.dtype)
    larger[: column.size] = column
    return larger


@dataclass(frozen=True)
class TimedHistogram:
    """One histogram: when, (bins, 3) left edge, right edge, count, and the place of its record in the file."""

    step: int
    wall: float
    buckets: np.ndarray
    order: int = 0

    @property
    def size(self) -> int:
        """Rows it takes in memory, at least 1."""
        return max(1, len(self.buckets))
