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

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Field:
    """One column of a table before anything is learned from it.

    Attributes:
        name: as the table has it.
        categories: what its values are, by number; empty for a column of numbers.
    """

    name: str
    categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """One column, as measured on the rows that are learned from.

    Attributes:
        name: as the table has it.
        low: the least value; of categories the first.
        high: the greatest.
        centre: mean of the values that are there; 0 for categories.
        spread: their standard deviation; 1 where all are equal, and for categories.
        whole: whether all of them are whole numbers.
        categories: what its values are, by number; empty for a column of numbers.
        shares: part of the rows in each category, in [0, 1].
        missing: part of the rows without a value, in [0, 1].
    """

    name: str
    low: float
    high: float
    centre: float
    spread: float
    whole: bool = False
    categories: tuple[str, ...] = ()
    shares: tuple[float, ...] = ()
    missing: float = 0.0

    @property
    def width(self) -> int:
        """Numbers that it becomes: one per category, or one, and one more where values can be missing."""
        return (len(self.categories) or 1) + (self.missing > 0)

    @property
    def start(self) -> float:
        """A number that a column can begin with where none is known: the mean, or the whole number next to it."""
        return round(self.centre) if self.whole else self.centre

    def word(self, value: float) -> str:
        """A value as a table shows it."""
        if np.isnan(value):
            return "missing"
        return self.categories[int(value)] if self.categories else f"{value:.4g}"


@dataclass(frozen=True)
class Columns:
    """The columns that a network reads, in order.

    Rows of a table, its values, are (N, C) float64: numbers as they are, a category by its number, NaN where a value is
    missing. Encoded they are (N, F): see `encode`.

    Attributes:
        columns: at least one.
    """

    columns: tuple[Column, ...]

    @classmethod
    def of(cls, fields: Sequence[Field], values: Values) -> Columns:
        """The columns of some rows.

        Args:
            fields: C of them.
            values: (N, C), at least one row.
        """
        return cls(tuple(_measure(field, values[:, place]) for place, field in enumerate(fields)))

    def __len__(self) -> int:
        return len(self.columns)

    @property
    def names(self) -> tuple[str, ...]:
        """Of all columns, in order."""
        return tuple(column.name for column in self.columns)

    @cached_property
    def spreads(self) -> Values:
        """(C,) what differences of values are measured by."""
        return np.array([column.spread for column in self.columns])

    @cached_property
    def ordered(self) -> NDArray[np.bool_]:
        """(C,) whether more and less mean something: of numbers, and of two categories."""
        return np.array([len(column.categories) in (0, 2) for column in self.columns])

    def correlations(self, values: Values) -> Values:
        """How columns go together in some rows: Pearson's, (C, C); 0 where a column is constant or has no order.

        A missing value is taken for the mean of the others, which makes columns look less alike, never more.
        """
        there = ~np.isnan(values)
        means = np.where(there, values, 0.0).sum(0) / np.maximum(there.sum(0), 1)
        filled = np.where(there, values, means)
        varied = np.flatnonzero(self.ordered & (np.ptp(filled, axis=0) > 0))
        found = np.zeros((len(self), len(self)))
        if len(varied) > 1:
            found[np.ix_(varied, varied)] = np.corrcoef(filled[:, varied], rowvar=False)
        return found

    @cached_property
    def of_encoded(self) -> NDArray[np.int64]:
        """(F,) the column that each number of an encoded row comes from."""
        return np.repeat(np.arange(len(self)), [column.width for column in self.columns])

    @property
    def width(self) -> int:
        """Numbers of an encoded row: F."""
        return len(self.of_encoded)

    @cached_property
    def scales(self) -> Values:
        """(F,) what a network divides an encoded row by: the spread of numbers, 1 for what is either so or not."""
        return np.concatenate([np.r_[column.spread, np.ones(column.width - 1)] for column in self.columns])

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all that they say, hexadecimal."""
        return hashlib.sha256(json.dumps(self.to_json(), ensure_ascii=False).encode()).hexdigest()

    def encode(self, values: Values) -> NDArray[np.float32]:
        """Rows as a network reads them: (N, C) -> (N, F), where 0 is the mean of what was learned from.

        A number is taken less its centre before digits are lost: of seconds since 1970, single precision keeps steps of
        128. A missing one is as the mean, with a number beside it that says so. A category is one number per category,
        1 where it is that one, each less its share of the rows; one that nobody learned from is none of them.
        """
        rows = np.atleast_2d(values)
        encoded = np.empty((len(rows), self.width), np.float32)
        # All numbers at once: a search for another answer reads millions of rows.
        encoded[:, self._starts[self._numbers]] = np.nan_to_num(
            rows[:, self._numbers] - self._centres[self._numbers], copy=False
        )
        for column, start, of in zip(self.columns, self._starts, rows.T, strict=True):
            count = len(column.categories)
            if count:
                encoded[:, start : start + count] = (of[:, None] == np.arange(count)) - np.array(
                    column.shares
                )
            if column.missing:
                encoded[:, start + (count or 1)] = np.isnan(of) - column.missing
        return encoded if values.ndim > 1 else encoded[0]

    @cached_property
    def _numbers(self) -> NDArray[np.int64]:
        return np.array([place for place, column in enumerate(self.columns) if not column.categories], int)

    @cached_property
    def _centres(self) -> Values:
        return np.array([column.centre for column in self.columns])

    @cached_property
    def _starts(self) -> NDArray[np.int64]:
        """(C,) where the numbers of each column begin in an encoded row."""
        return np.asarray(np.cumsum([0, *(column.width for column in self.columns[:-1])]))

    def differ(self, values: Values, others: Values) -> NDArray[np.bool_]:
        """Where two rows, or sets of rows, have other values; a missing one is like a missing one."""
        return np.asarray((values != others) & ~(np.isnan(values) & np.isnan(others)))

    def distance(self, values: Values, others: Values) -> Values:
        """How far rows are apart: differences of numbers over their spread, and 1 for any other, added up.

        Args:
            values: (..., C).
            others: (..., C), of a shape that fits.

        Returns:
            (...,).
        """
        gaps = np.abs(values - others)
        unknown = np.isnan(gaps)
        if unknown.any():
            # One is missing, or both are.
            gaps = np.where(unknown, self.differ(values, others) * self.spreads, gaps)
        if len(self._numbers) < len(self):
            kinds = np.setdiff1d(np.arange(len(self)), self._numbers)
            gaps[..., kinds] = gaps[..., kinds] != 0
        return np.asarray(gaps @ (1 / self.spreads))

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
                categories=tuple(map(str, column["categories"])),
                shares=tuple(map(float, column["shares"])),
                missing=float(column["missing"]),
            )
            for column in content["columns"]
        )
        if not columns:
            raise ValueError("a network for tables reads at least one column")
        return cls(columns)


def _measure(field: Field, values: Values) -> Column:
    there = values[~np.isnan(values)]
    missing = 1 - len(there) / len(values)
    # Of a column that is nearly empty, the rows that are learned from can have none.
    low, high = (float(there.min()), float(there.max())) if len(there) else (0.0, 0.0)
    if field.categories:
        counts = np.bincount(there.astype(np.int64), minlength=len(field.categories))
        return Column(
            field.name,
            0.0,
            len(field.categories) - 1.0,
            0.0,
            1.0,
            whole=True,
            categories=field.categories,
            shares=tuple((counts / len(values)).tolist()),
            missing=missing,
        )
    return Column(
        field.name,
        low,
        high,
        float(there.mean()) if len(there) else 0.0,
        # Of equal values the deviation can be rounding, by which nothing may be divided.
        float(there.std()) if high > low else 1.0,
        bool((there == np.round(there)).all()),
        missing=missing,
    )
