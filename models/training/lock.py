"""One trainer per run: a lock that the kernel frees when its holder dies, however it dies."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from models.errors import UserError
from models.training import files
from models.training.process import Process

FILE = "lock"


@contextmanager
def held(run: Path) -> Iterator[None]:
    """Hold a run's lock for a while.

    Raises:
        UserError: if another process holds it, naming that process.
    """
    with (run / FILE).open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UserError(
                f"Run {run.name} is in the hands of {_holder(run)}; stop it there, or wait until it ends."
            ) from error
        with files.room(run):
            file.truncate(0)
            here = Process.here()
            json.dump({"pid": here.pid, "host": here.host}, file)
            file.flush()
            os.fsync(file.fileno())
        yield


def _holder(run: Path) -> str:
    with suppress(OSError, ValueError, KeyError, TypeError):
        content = json.loads((run / FILE).read_text(encoding="utf-8"))
        return f"process {int(content['pid'])} on {str(content['host'])[:80]}"
    return "another process"
