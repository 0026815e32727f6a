"""One trainer per run: a lock that the kernel frees when its holder dies, however it dies."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from models.runtime import files
from models.runtime.errors import UserError
from models.training.runs.process import Process

FILE = "lock"
NAP = 0.05  # seconds


@contextmanager
def held(run: Path, *, patience: float = 0.0) -> Iterator[None]:
    """Hold a run's lock for a while.

    Args:
        run: its folder.
        patience: seconds that a holder may still take to let go.

    Raises:
        UserError: if another process holds it, naming that process.
    """
    with (run / FILE).open("a+", encoding="utf-8") as file:
        _take(file, run, time.monotonic() + patience)
        with files.room(run):
            file.truncate(0)
            here = Process.current()
            json.dump({"pid": here.pid, "host": here.host}, file)
            file.flush()
            os.fsync(file.fileno())
        yield


def _take(file: TextIO, run: Path, until: float) -> None:
    while True:
        try:
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() >= until:
                raise UserError(
                    f"Run {run.name} is in the hands of {_holder(run)}; stop it there, or wait until it ends."
                ) from error
        time.sleep(NAP)


def _holder(run: Path) -> str:
    with suppress(OSError, ValueError, KeyError, TypeError):
        content = json.loads((run / FILE).read_text(encoding="utf-8"))
        return f"process {int(content['pid'])} on {str(content['host'])[:80]}"
    return "another process"
