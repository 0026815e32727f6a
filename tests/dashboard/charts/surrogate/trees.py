"""Trees that imitate made-up answers."""

from __future__ import annotations

from dashboard.inspection.surrogate.features import Features
from dashboard.inspection.surrogate.tree import grow
from dashboard.records.surrogate import Surrogate


def imitated(readings, prefix: str = "number") -> Surrogate:
    names = tuple(f"{prefix} {place}" for place in range(readings.units.shape[1]))
    return grow(readings, Features(names, names, readings.units))


def way(found: Surrogate, depth: int, picture: int = 0) -> list[int]:
    return list(dict.fromkeys(found.nodes[picture, : depth + 1].tolist()))
