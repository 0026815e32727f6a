"""What a network reads of a table: its columns, and how a row becomes numbers for it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Column:
    """One column of numbers.

    Attributes:
        name: as the table has it.
        low: the least value that was learned from.
        high: the greatest.
        centre: their mean.
        spread: their standard deviation; 1 where all are equal.
        whole: whether all of them are whole numbers.
    """

    name: str
    low: float
    high: float
    centre: float
    spread: float
    whole: bool = False


@dataclass(frozen=True)
class Columns:
    """The columns that a network reads, in order.

    Attributes:
        columns: at least one.
    """

    columns: tuple[Column, ...]

    @classmethod
    def of(cls, names: Sequence[str], values: NDArray[np.float64]) -> Columns:
        """The columns of some rows.

        Args:
            names: C of them.
            values: (N, C), at least one row, all finite.
        """
        low, high, centre, spread = values.min(0), values.max(0), values.mean(0), values.std(0)
        whole = (values == np.round(values)).all(0)
        return cls(
            tuple(
                Column(
                    name,
                    float(low[place]),
                    float(high[place]),
                    float(centre[place]),
                    # Of equal values the deviation can be rounding, by which nothing may be divided.
                    float(spread[place]) if high[place] > low[place] else 1.0,
                    bool(whole[place]),
                )
                for place, name in enumerate(names)
            )
        )

    def __len__(self) -> int:
        return len(self.columns)

    @property
    def names(self) -> tuple[str, ...]:
        """Of all columns, in order."""
        return tuple(column.name for column in self.columns)

    @cached_property
    def centres(self) -> NDArray[np.float64]:
        """(C,) what is taken off each value."""
        return np.array([column.centre for column in self.columns])

    @cached_property
    def spreads(self) -> NDArray[np.float64]:
        """(C,) what a network divides by."""
        return np.array([column.spread for column in self.columns])

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all that they say, hexadecimal."""
        return hashlib.sha256(json.dumps(self.to_json(), ensure_ascii=False).encode()).hexdigest()

    def encode(self, values: NDArray[np.float64]) -> NDArray[np.float32]:
        """Rows as a network reads them: (N, C) -> the same shape.

        The centre is taken off before digits are lost: of seconds since 1970, single precision keeps steps of 128.
        """
        return (values - self.centres).astype(np.float32)

    def to_json(self) -> dict[str, Any]:
        """All that they say."""
        return {"columns": [dataclasses.asdict(column) for column in self.columns]}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Columns:
        """The columns that to_json() wrote. Raises KeyError, TypeError or ValueError where they are damaged."""
        columns = tuple(
            Column(
                name=str(column["name"]),
                low=float(column["low"]),
                high=float(column["high"]),
                centre=float(column["centre"]),
                spread=float(column["spread"]),
                whole=bool(column["whole"]),
            )
            for column in content["columns"]
        )
        if not columns:
            raise ValueError("a network for tables reads at least one column")
        return cls(columns)
