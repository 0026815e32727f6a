"""Columns of a file as numbers or categories: by rules that lose nothing silently, and what was assumed in words.

Readers of tables disagree on most of this: whether NA is a country or nothing, whether 00501 is 501, what becomes of
numbers of twenty digits. Here an empty cell is missing; words for "missing" are, where all else in the column is a
number; what begins with zeros or has more digits than a number keeps is a name.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from models.table.columns import Values
from models.table.found import CATEGORY, LEFT_OUT, MOST_CATEGORIES, FoundColumn, FoundTable
from models.table.found import NUMBER as QUANTITY
from models.table.limits import MOST_CELL, RefusalError

NUMBER = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
DECIMAL_COMMA = r"^[+-]?\d+,\d+$"
# What begins with zeros is a code, as those of places are; of more digits than fifteen, numbers of double precision
# do not keep all.
CODE, LONG = r"^[+-]?0\d", r"^[+-]?\d{16,}$"
DATE = r"^\d{4}-\d{2}-\d{2}|^\d{1,2}[./]\d{1,2}[./]\d{2,4}( |$)"
# In a column of numbers these say that there is none.
MARKS = ("NA", "N/A", "n/a", "na", "NaN", "nan", "NULL", "null", "None", "none", "?", "-", ".")
# Letters of a category, and categories of a whole table: they stand in small files beside each network.
MOST_CATEGORY, MOST_IN_ALL = 60, 2000
# Letters of an example, and rows from which on a column that counts them is told from one of numbers.
EXAMPLE, FEWEST = 40, 20
# Whole numbers up to here are exact.
EXACT = 2**53
Found = tuple[FoundColumn, Values]


def table(columns: Sequence[Found], remarks: Sequence[str]) -> FoundTable:
    """A table of columns. Raises RefusalError where nothing can be learned from it."""
    used = [values for column, values in columns if column.kind != LEFT_OUT]
    if len(used) < 2:
        raise RefusalError(
            "has fewer than two columns of numbers or categories that differ from row to row; one to learn and one to "
            "learn it from are needed"
        )
    in_all = sum(len(column.categories) for column, _ in columns)
    if in_all > MOST_IN_ALL:
        raise RefusalError(
            f"has {in_all:,} categories in all, and {MOST_IN_ALL:,} are read; leave columns of texts out"
        )
    return FoundTable(tuple(column for column, _ in columns), np.stack(used, 1), tuple(remarks))


def has_decimal_commas(cells: pa.Array) -> bool:
    """Whether a column of texts is one of numbers with decimal commas."""
    there = cells.filter(pc.not_equal(cells, ""))
    commas = pc.match_substring_regex(there, DECIMAL_COMMA)
    return _any(commas) and _all(pc.or_(commas, pc.match_substring_regex(there, f"^{NUMBER}$")))


def of_texts(name: str, cells: pa.Array, *, decimal_commas: bool = False) -> Found:
    """A column of texts.

    Args:
        name: of the column.
        cells: of strings; an empty one is missing, and so is null.
        decimal_commas: whether 1,5 is a number.

    Raises:
        RefusalError: if a cell is too long.
    """
    cells = pc.utf8_trim_whitespace(pc.fill_null(cells, ""))
    if (pc.max(pc.utf8_length(cells)).as_py() or 0) > MOST_CELL:
        raise RefusalError(
            f"has a cell of more than {MOST_CELL:,} letters in {name[:60]!r}; leave long texts out"
        )
    empty = pc.equal(cells, "")
    there = cells.filter(pc.invert(empty))
    if not len(there):
        return _left_out(name, len(cells), 0, "", "no row has a value")
    if decimal_commas:
        changed = pc.replace_substring(there, ",", ".")
        there = pc.if_else(pc.match_substring_regex(there, DECIMAL_COMMA), changed, there)
    numeric = pc.match_substring_regex(there, f"^{NUMBER}$")
    words = there.filter(pc.invert(numeric))
    marks = _all(pc.is_in(words, pa.array(MARKS, pa.string())))
    numbers = there.filter(numeric)
    if len(numbers) and marks and not _is_code(numbers):
        values = np.full(len(cells), np.nan)
        places = np.flatnonzero(~empty.to_numpy(zero_copy_only=False))
        values[places[numeric.to_numpy(zero_copy_only=False)]] = numbers.cast(pa.float64()).to_numpy(
            zero_copy_only=False
        )
        told = sorted(set(words.unique().to_pylist()))
        note = f"{', '.join(told)} taken for missing" if told else ""
        return _of_numbers(name, values, numbers[0].as_py(), note)
    note = ""
    if len(words) == 0 and _is_code(numbers):
        note = "numbers with leading zeros or of more than 15 digits: taken for names"
    elif len(numbers) > len(words) and not marks:
        note = f"{len(numbers):,} of {len(there):,} are numbers, {_example(words[0].as_py())!r} is not"
    return _of_words(name, cells, empty, note)


def of_values(name: str, cells: pa.Array) -> Found:
    """A column of any type. Raises RefusalError where a cell is too long."""
    kind = cells.type
    if pa.types.is_dictionary(kind):
        return of_values(name, cells.dictionary_decode())
    if pa.types.is_null(kind):
        return _left_out(name, len(cells), 0, "", "no row has a value")
    if pa.types.is_boolean(kind):
        words = pc.if_else(cells, "yes", "no").cast(pa.string())
        return _of_words(name, pc.fill_null(words, ""), pc.is_null(cells), "")
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return of_texts(name, cells.cast(pa.string()))
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return _of_typed_numbers(name, cells)
    what = (
        "dates and times are not read; add columns such as year or weekday"
        if pa.types.is_temporal(kind)
        else f"of the type {kind}, which is not read"
    )
    return _left_out(name, cells.null_count, 0, "", what)


def _of_typed_numbers(name: str, cells: pa.Array) -> Found:
    there = cells.drop_null()
    if not len(there):
        return _left_out(name, len(cells), 0, "", "no row has a value")
    example = str(there[0].as_py())
    if pa.types.is_integer(cells.type):
        ends = pc.min_max(there).as_py()
        if max(abs(ends["min"]), abs(ends["max"])) > EXACT:
            distinct = len(there.unique())
            return _left_out(
                name,
                cells.null_count,
                distinct,
                example,
                "numbers of more than 15 digits, as names of things have",
            )
    values = cells.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    return _of_numbers(name, np.array(values, np.float64), example, "")


def _is_code(numbers: pa.Array) -> bool:
    return _any(pc.match_substring_regex(numbers, CODE)) or _any(pc.match_substring_regex(numbers, LONG))


def _all(flags: pa.Array) -> bool:
    """Whether all are so; of none, which Arrow does not know by itself, they are."""
    return bool(pc.all(flags, min_count=0).as_py())


def _any(flags: pa.Array) -> bool:
    return bool(pc.any(flags, min_count=0).as_py())


def _of_numbers(name: str, values: Values, example: str, note: str) -> Found:
    unknown = np.isnan(values)
    there, missing = values[~unknown], int(unknown.sum())
    if not len(there):
        return _left_out(name, missing, 0, "", "no row has a value")
    distinct = len(np.unique(there))
    if not np.isfinite(there).all():
        return _left_out(name, missing, distinct, example, "holds infinite numbers")
    if distinct == 1 and not missing:
        return _left_out(name, missing, 1, example, "the same in all rows")
    if len(values) >= FEWEST and not missing and (np.diff(values) == 1).all():
        return _left_out(name, missing, distinct, example, "counts the rows")
    return FoundColumn(name, QUANTITY, missing, distinct, _example(example), note), values


def _of_words(name: str, cells: pa.Array, empty: pa.Array, note: str) -> Found:
    there = cells.filter(pc.invert(empty))
    missing = len(cells) - len(there)
    kinds = there.unique()
    example = there[0].as_py() if len(there) else ""
    if len(kinds) > MOST_CATEGORIES or pc.max(pc.utf8_length(kinds)).as_py() > MOST_CATEGORY:
        dates = _all(pc.match_substring_regex(kinds, DATE))
        why = (
            "dates are not read; add columns such as year or weekday"
            if dates
            else f"{len(kinds):,} different texts, as names have; categories are at most {MOST_CATEGORIES}, of "
            f"{MOST_CATEGORY} letters"
        )
        return _left_out(name, missing, len(kinds), example, note or why)
    if len(kinds) == 0 or (len(kinds) == 1 and not missing):
        return _left_out(name, missing, len(kinds), example, "the same in all rows")
    categories = tuple(sorted(kinds.to_pylist()))
    found = pc.index_in(cells, pa.array(categories, pa.string()))
    values = found.cast(pa.float64()).to_numpy(zero_copy_only=False)
    return FoundColumn(
        name, CATEGORY, missing, len(categories), _example(example), note, categories
    ), np.array(values, np.float64)


def _left_out(name: str, missing: int, distinct: int, example: str, why: str) -> Found:
    return FoundColumn(name, LEFT_OUT, missing, distinct, _example(example), why), np.empty(0)


def _example(text: str) -> str:
    return text if len(text) <= EXAMPLE else f"{text[: EXAMPLE - 1]}…"
