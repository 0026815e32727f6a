"""Curves and histograms of a run: the records that are handed out, and the columns that grow behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

# What decoding yields for each point; the index is the record's place in its batch.
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


class CurveBuffer:
    """The points of one tag in one file, in arrays that double when they are full.

    What was handed out stays as it is: points are only added behind it, and leaving some out makes new arrays.
    """

    def __init__(self) -> None:
        self.count = 0
        self._steps: np.ndarray = np.empty(0, np.int64)
        self._values: np.ndarray = np.empty(0)
        self._walls: np.ndarray = np.empty(0)

    def extend(self, pieces: Sequence[np.ndarray]) -> int:
        """Add points (arrays of POINT) in the order of their index; returns how many."""
        points = np.concatenate(pieces)
        if len(pieces) > 1:
            points = points[np.argsort(points["index"], kind="stable")]
        end = self.count + points.size
        if end > self._steps.size:
            self._grow(max(end, 2 * self._steps.size))
        self._steps[self.count : end] = points["step"]
        self._values[self.count : end] = points["value"]
        self._walls[self.count : end] = points["wall"]
        self.count = end
        return int(points.size)

    def before(self, limit: int | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Steps, values and wall times of the points before a step, or of all; not to be written."""
        columns = self._steps[: self.count], self._values[: self.count], self._walls[: self.count]
        if limit is not None:
            mask = columns[0] < limit
            columns = columns[0][mask], columns[1][mask], columns[2][mask]
        for column in columns:
            column.flags.writeable = False
        return columns

    def cut(self, limit: int) -> int:
        """Forget the points from a step on; returns how many."""
        mask = self._steps[: self.count] < limit
        forgotten = self.count - int(mask.sum())
        if forgotten:
            # New arrays: what is added next must not be written over what was handed out.
            self._steps = self._steps[: self.count][mask]
            self._values = self._values[: self.count][mask]
            self._walls = self._walls[: self.count][mask]
            self.count -= forgotten
        return forgotten

    def _grow(self, size: int) -> None:
        """Move to arrays of a larger size; those before stay with whom they were handed out to."""
        self._steps = _enlarge(self._steps[: self.count], size)
        self._values = _enlarge(self._values[: self.count], size)
        self._walls = _enlarge(self._walls[: self.count], size)


def _enlarge(column: np.ndarray, size: int) -> np.ndarray:
    """A copy of a column in an array of a larger size, the rest of which means nothing yet."""
    larger = np.empty(size, column.dtype)
    larger[: column.size] = column
    return larger


@dataclass(frozen=True)
class TimedHistogram:
    """One histogram: when, and (bins, 3) left edge, right edge, count."""

    step: int
    wall: float
    buckets: np.ndarray

    @property
    def size(self) -> int:
        """Rows it takes in memory, at least 1."""
        return max(1, len(self.buckets))
