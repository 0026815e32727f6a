"""Reads one file of rows in a process of its own, with bounded memory and time: `python -m models.table.sandbox`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from models.runtime.bounds import bound_files, bound_memory, bound_time
from models.table.limits import (
    MEMORY,
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    SECONDS,
    RefusalError,
)

TOO_MUCH = "asks for more memory than a table may; keep fewer rows or shorter texts"
# As Parquet's files begin and end.
PARQUET = b"PAR1"


def main(source: Path, target: Path) -> dict[str, Any]:
    """Read a file and write its table beside; what came of it, for JSON."""
    bound_time(SECONDS)
    bound_files(8 * MOST_ROWS * MOST_COLUMNS + MOST_BYTES)
    with source.open("rb") as file:
        is_parquet = file.read(len(PARQUET)) == PARQUET
    # Before the bound on memory, which its libraries count against.
    import pyarrow as pa

    from models.table import csv_file, parquet_file

    pa.set_memory_pool(pa.system_memory_pool())
    try:
        with bound_memory(MEMORY, more=True):
            table = parquet_file.read(source) if is_parquet else csv_file.read(source)
            table.save(target)
    except RefusalError as refusal:
        return {"refusal": str(refusal)}
    except (MemoryError, pa.ArrowMemoryError):
        return {"refusal": TOO_MUCH}
    return {"rows": len(table)}


if __name__ == "__main__":
    place, result = map(Path, sys.argv[1:])
    print(json.dumps(main(place, result)))
