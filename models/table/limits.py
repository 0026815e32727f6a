"""What a file of rows may hold, and what it may take to read it."""

from __future__ import annotations

from models.runtime.settings import MEGABYTE

MOST_BYTES = 100 * MEGABYTE
MOST_ROWS, MOST_COLUMNS = 200_000, 200
# Characters of a cell, and of a column's name.
MOST_CELL, MOST_NAME = 10_000, 200
# Bytes that reading may take besides what the libraries take, and that a Parquet file may unpack to; seconds of the
# processor.
MEMORY, SECONDS = 2048 * MEGABYTE, 60.0
MOST_UNPACKED = 1024 * MEGABYTE
ACCEPTED = (
    f"CSV or Parquet, at most {MOST_BYTES // MEGABYTE} MB, {MOST_ROWS:,} rows and {MOST_COLUMNS} columns, with the "
    "names of the columns in its first row"
)


class RefusalError(Exception):
    """Why a file is refused and what to do now: the sentence after the file's name, without its full stop."""
