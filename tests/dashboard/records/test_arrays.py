"""What the arrays of a record take."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dashboard.records.arrays import ArrayRecord


@dataclass(frozen=True, eq=False)
class Inner(ArrayRecord):
    values: np.ndarray
    name: str = "inner"


@dataclass(frozen=True, eq=False)
class Outer(ArrayRecord):
    inner: tuple[Inner, ...]
    own: np.ndarray | None
    seconds: float = 1.0


def test_arrays_count_wherever_they_are_and_nothing_else_does():
    inner = (Inner(np.zeros(3)), Inner(np.zeros((2, 2), np.uint8)))
    assert (inner[0].nbytes, inner[1].nbytes) == (24, 4)
    assert Outer(inner, np.zeros(5, np.float32)).nbytes == 24 + 4 + 20
    assert Outer((), None).nbytes == 0
