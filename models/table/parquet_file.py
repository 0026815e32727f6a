"""A Parquet file as columns: their types say most of what a CSV file leaves to be found out."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from models.table import conversion
from models.table.csv_file import check_names
from models.table.found import FoundTable
from models.table.limits import MOST_COLUMNS, MOST_ROWS, MOST_UNPACKED, RefusalError

# How pandas calls the numbers of the rows that it wrote beside them.
INDEX = "__index_level_"


def read(source: Path) -> FoundTable:
    """Its columns. Raises RefusalError where it is damaged, or too large."""
    try:
        with pq.ParquetFile(source) as file:
            _check(file)
            table = file.read(use_threads=False)
    except pa.ArrowMemoryError:
        raise
    except (pa.ArrowException, OSError, UnicodeDecodeError):
        raise RefusalError("is a damaged Parquet file; write or copy it again") from None
    names = [str(name) for name in table.column_names]
    check_names(names)
    return conversion.table(
        [
            conversion.of_values(name, column.combine_chunks())
            for name, column in zip(names, table.columns, strict=True)
            if not name.startswith(INDEX)
        ],
        [],
    )


def _check(file: pq.ParquetFile) -> None:
    """Refuse what is too large, by what its end says, before anything of it is unpacked."""
    about = file.metadata
    if about.num_columns > MOST_COLUMNS:
        raise RefusalError(
            f"has {about.num_columns:,} columns, and {MOST_COLUMNS} are read; leave out what cannot matter"
        )
    if not 0 < about.num_rows <= MOST_ROWS:
        raise RefusalError(
            f"has {about.num_rows:,} rows, and between 1 and {MOST_ROWS:,} are read; keep a part of them"
        )
    unpacked = sum(about.row_group(place).total_byte_size for place in range(about.num_row_groups))
    if unpacked > MOST_UNPACKED:
        raise RefusalError(
            f"unpacks to more than {MOST_UNPACKED // 1024**2:,} MB; keep fewer rows or shorter texts"
        )
