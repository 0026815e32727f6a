"""What was found in a file of rows: its columns as they were read, and what was assumed in doing so."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from models.runtime.errors import UserError
from models.table.columns import Field, Values

NUMBER, CATEGORY, LEFT_OUT = "number", "category", "left out"
# Different values that a column of categories has at most.
MOST_CATEGORIES = 50
DAMAGED = "The table that was kept is damaged; drop its file again."


@dataclass(frozen=True)
class FoundColumn:
    """One column of a file.

    Attributes:
        name: in its first row.
        kind: NUMBER, CATEGORY or LEFT_OUT.
        missing: rows without a value.
        distinct: different values that are there.
        example: one of them, as the file has it; empty where there is none.
        note: why it is left out, or what was assumed; empty where nothing is to be said.
        categories: what its values are, by number; empty unless it is of that kind.
    """

    name: str
    kind: str
    missing: int
    distinct: int
    example: str
    note: str = ""
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class FoundTable:
    """A file of rows.

    Attributes:
        columns: all of the file.
        values: (N, U) float64 of those that are not left out; see Columns.
        remarks: what was assumed of the file as a whole, a sentence each.
    """

    columns: tuple[FoundColumn, ...]
    values: Values
    remarks: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.values)

    @property
    def used(self) -> tuple[FoundColumn, ...]:
        """Those whose values are kept, in order."""
        return tuple(column for column in self.columns if column.kind != LEFT_OUT)

    @property
    def fields(self) -> tuple[Field, ...]:
        """The same, as a network reads them."""
        return tuple(Field(column.name, column.categories) for column in self.used)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over columns and values, hexadecimal."""
        content = hashlib.sha256(json.dumps(self._head(), ensure_ascii=False).encode())
        content.update(np.ascontiguousarray(self.values).tobytes())
        return content.hexdigest()

    def place(self, name: str) -> int:
        """Place of a column among those that are used. Raises UserError where there is none of that name."""
        names = [column.name for column in self.used]
        if name not in names:
            raise UserError(
                f"The table has no column {name[:60]!r} to learn; choose one of {', '.join(names)}."
            )
        return names.index(name)

    def choose(self, keep: Collection[str], categories: Collection[str] = ()) -> FoundTable:
        """The same with some columns left out, and some numbers taken for categories.

        Args:
            keep: names of those that stay.
            categories: names of columns of numbers that are no quantities, as the numbers of classes are.

        Raises:
            UserError: if such a column has too many different values, or nothing stays.
        """
        chosen, values = [], []
        for place, column in enumerate(self.used):
            if column.name not in keep:
                continue
            taken = self.values[:, place]
            if column.name in categories and column.kind == NUMBER:
                column, taken = _as_categories(column, taken)
            chosen.append(column)
            values.append(taken)
        if not chosen:
            raise UserError("No column stays; keep at least two.")
        return FoundTable(tuple(chosen), np.stack(values, 1), self.remarks)

    def save(self, path: Path) -> None:
        """Write it into a file that is not there yet."""
        with path.open("xb") as file:
            np.savez(file, values=self.values, head=_pack(self._head()))

    @classmethod
    def load(cls, path: Path) -> FoundTable:
        """The table that save() wrote.

        Raises:
            UserError: if the file is damaged, or gone.
        """
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as content:
                values = np.asarray(content["values"], np.float64)
                head = json.loads(content["head"].tobytes())
            columns = tuple(
                FoundColumn(**{**column, "categories": tuple(column["categories"])})
                for column in head["columns"]
            )
        except (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
            raise UserError(DAMAGED) from error
        return cls(columns, values, tuple(head["remarks"]))

    def _head(self) -> dict[str, Any]:
        return {
            "columns": [dataclasses.asdict(column) for column in self.columns],
            "remarks": list(self.remarks),
        }


def _pack(head: dict[str, Any]) -> np.ndarray:
    return np.frombuffer(json.dumps(head).encode(), np.uint8)


def _as_categories(column: FoundColumn, values: Values) -> tuple[FoundColumn, Values]:
    if column.distinct > MOST_CATEGORIES:
        raise UserError(
            f"{column.name} has {column.distinct:,} different numbers, and a column of categories at most "
            f"{MOST_CATEGORIES}; leave it a number."
        )
    there = ~np.isnan(values)
    kinds, numbers = np.unique(values[there], return_inverse=True)
    changed = np.full(len(values), np.nan)
    changed[there] = numbers
    # With as many digits as tell them apart.
    names = tuple(np.format_float_positional(kind, trim="-") for kind in kinds)
    return dataclasses.replace(column, kind=CATEGORY, categories=names, note=""), changed
