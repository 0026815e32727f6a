"""A file of rows in, its table out, or one sentence that says why not."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

from models.photos.decoding import safe_name
from models.runtime import child
from models.runtime.errors import UserError
from models.table.found import FoundTable
from models.table.limits import MOST_BYTES, SECONDS

# Times the processor time that a reader may take.
WAIT = 4
# It answers with a sentence or a number.
LONGEST_ANSWER = 64 * 1024


def read(source: Path, name: str, watch: Callable[[], None] = lambda: None) -> FoundTable:
    """Read a CSV or Parquet file in a process of its own.

    Args:
        source: of any content.
        name: what the person calls it; shown, never opened.
        watch: called again and again; what it raises ends the reading.

    Raises:
        UserError: if the file is too large, damaged, or no table that can be learned from.
    """
    size = source.stat().st_size
    if size > MOST_BYTES:
        raise UserError(
            f"{safe_name(name)} is larger than {MOST_BYTES // 1024**2} MB; keep a part of its rows."
        )
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as output:
        target = Path(folder) / "table.npz"
        process = child.start(
            "The reader of tables",
            "models.table.sandbox",
            str(source.absolute()),
            str(target),
            output=output,
            environment=child.ONE_THREAD,
        )
        code = child.wait(process, watch, seconds=WAIT * SECONDS)
        output.seek(0)
        answer = output.read(LONGEST_ANSWER)
        why = _refusal(code, answer)
        if why:
            raise UserError(f"{safe_name(name)} {why}.")
        return FoundTable.load(target)


def _refusal(code: int | None, answer: bytes) -> str:
    """What its reader refused; empty where it did not."""
    if code is None or code < 0:
        return "could not be read within the memory and time that a table may take; keep fewer rows"
    if code > 0:
        return "is damaged in a way that cannot be read; save it as CSV in UTF-8, and drop that"
    return str(json.loads(answer).get("refusal", ""))
