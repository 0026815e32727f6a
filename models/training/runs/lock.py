"""One trainer per run: a lock that the system frees when its holder dies, however it dies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from models.runtime import files
from models.runtime.errors import UserError
from models.training.runs.process import Process

FILE = "lock"
# Beside the lock, which Windows lets nobody else read.
HOLDER = "holder.json"
NAP = 0.05  # seconds


@contextmanager
def hold(run: Path, *, patience: float = 0.0) -> Iterator[None]:
    """Hold a run's lock for a while.

    Args:
        run: its folder.
        patience: seconds that a holder may still take to let go.

    Raises:
        UserError: if another process holds it, naming that process.
    """
    lock = FileLock(run / FILE)
    try:
        lock.acquire(timeout=patience, poll_interval=NAP)
    except Timeout as error:
        raise UserError(
            f"Run {run.name} is in the hands of {_holder(run)}; stop it there, or wait until it ends."
        ) from error
    try:
        here = Process.current()
        # Without power there is no holder either.
        files.write_json(run / HOLDER, {"pid": here.pid, "host": here.host}, durable=False)
        yield
    finally:
        lock.release()


def _holder(run: Path) -> str:
    with suppress(OSError, UserError, ValueError, KeyError, TypeError):
        content = files.read_json(run / HOLDER)
        return f"process {int(content['pid'])} on {str(content['host'])[:80]}"
    return "another process"
