"""A CSV file as columns of texts, and how its cells are parted: what is not said in the file is tried, and told."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from pathlib import Path

import pyarrow as pa
from pyarrow import csv as arrow

from models.table import conversion
from models.table.found import FoundTable
from models.table.limits import (
    MOST_COLUMNS,
    MOST_NAME,
    MOST_ROWS,
    RefusalError,
)

# Delimiter -> in words, the likeliest first.
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright lines"}
# Bytes of the beginning by which a delimiter is found, and rows of it.
BEGINNING, FIRST_ROWS = 256 * 1024, 50
BLOCK = 16 * 1024**2
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
ANOTHER = "save it as CSV in UTF-8, and drop that"


def read(source: Path) -> FoundTable:
    """Its columns. Raises RefusalError where it is no table of rows."""
    content = source.read_bytes()
    encoding, remarks = _encoding(content)
    beginning = content[:BEGINNING].decode("utf-8-sig" if encoding == "utf8" else encoding, "ignore")
    rows, delimiter = _first_rows(beginning, whole=len(content) <= BEGINNING)
    names = _names(rows[0])
    if delimiter != ",":
        remarks.append(f"Its cells are parted by {DELIMITERS[delimiter]}.")
    columns = _read(content, encoding, delimiter, len(names))
    # The first row is that of names.
    cells = [column.slice(1) for column in columns]
    if not len(cells[0]):
        raise RefusalError("has names of columns and no rows below them; drop one with rows")
    if len(cells[0]) > MOST_ROWS:
        raise RefusalError(f"has {len(cells[0]):,} rows, and {MOST_ROWS:,} are read; keep a part of them")
    commas = delimiter != "," and any(conversion.has_decimal_commas(column) for column in cells)
    if commas:
        remarks.append("Its numbers have decimal commas.")
    return conversion.table(
        [
            conversion.of_texts(name, column, decimal_commas=commas)
            for name, column in zip(names, cells, strict=True)
        ],
        remarks,
    )


def _encoding(content: bytes) -> tuple[str, list[str]]:
    """How its bytes are characters, and what was assumed of that."""
    if content.startswith(UTF_16):
        raise RefusalError(f"is in UTF-16; {ANOTHER}")
    if not content.strip() or b"\0" in content:
        raise RefusalError("is neither CSV nor Parquet; drop a table in one of these")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        try:
            content.decode("cp1252")
        except UnicodeDecodeError:
            raise RefusalError(f"holds bytes that are no text in UTF-8; {ANOTHER}") from None
        return "cp1252", ["It is not in UTF-8; it was read as Windows-1252, as spreadsheets write in Europe."]
    return "utf8", []


def _first_rows(beginning: str, *, whole: bool) -> tuple[list[list[str]], str]:
    """The first rows, and what parts their cells: what gives most rows as many cells as the first, of two or more."""
    found: dict[str, tuple[float, list[list[str]]]] = {}
    for delimiter in DELIMITERS:
        try:
            rows = [row for row in csv.reader(io.StringIO(beginning), delimiter=delimiter) if row]
        except csv.Error:
            continue
        # The last one may be cut.
        rows = (rows if whole else rows[:-1])[:FIRST_ROWS]
        if rows and len(rows[0]) > 1:
            # That of cells most of all, since within texts there are commas, too.
            alike = sum(len(row) == len(rows[0]) for row in rows) / len(rows)
            found[delimiter] = (alike, rows)
    if not found:
        raise RefusalError(
            "has a single column, whatever parts its cells: commas, semicolons, tabs or upright lines were tried; "
            "save it as CSV with one of these"
        )
    best = max(found, key=lambda delimiter: (found[delimiter][0], len(found[delimiter][1][0])))
    return found[best][1], best


def _names(cells: list[str]) -> list[str]:
    if len(cells) > MOST_COLUMNS:
        raise RefusalError(
            f"has {len(cells):,} columns, and {MOST_COLUMNS} are read; leave out what cannot matter"
        )
    stripped = [cell.strip() for cell in cells]
    if all(re.fullmatch(conversion.NUMBER, cell) for cell in stripped):
        raise RefusalError("has numbers in its first row, where names of columns belong; add a row of names")
    names = [name or f"column {place}" for place, name in enumerate(stripped, 1)]
    check_names(names)
    return names


def check_names(names: list[str]) -> None:
    """Refuse what cannot be told apart. Raises RefusalError."""
    name, times = Counter(names).most_common(1)[0]
    if times > 1:
        raise RefusalError(f"has {times} columns called {name[:60]!r}; give each a name of its own")
    if max(map(len, names)) > MOST_NAME:
        raise RefusalError(f"has a column's name of more than {MOST_NAME} letters; shorten it")


def _read(content: bytes, encoding: str, delimiter: str, count: int) -> list[pa.Array]:
    """All cells as texts, the first row among them."""
    wrong: list[arrow.InvalidRow] = []

    def note(row: arrow.InvalidRow) -> str:
        wrong.append(row)
        return "skip"

    names = [str(place) for place in range(count)]
    try:
        table = arrow.read_csv(
            pa.BufferReader(content),
            arrow.ReadOptions(use_threads=False, block_size=BLOCK, column_names=names, encoding=encoding),
            arrow.ParseOptions(delimiter=delimiter, newlines_in_values=True, invalid_row_handler=note),
            arrow.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=False,
                quoted_strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        raise RefusalError(f"cannot be parted into rows and cells; {ANOTHER}") from None
    if wrong:
        row = wrong[0]
        raise RefusalError(
            f"has {row.actual_columns} cell{'' if row.actual_columns == 1 else 's'} in row {row.number:,} and {count} "
            "in its first; give every row as many as there are names, with quotes around texts that hold what parts "
            "cells"
        )
    return [column.combine_chunks() for column in table.columns]
