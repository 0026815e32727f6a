"""Modules of ours in processes of their own: started away from the terminal, watched, ended with all they start."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

from models.runtime import settings
from models.runtime.errors import UserError

Child = subprocess.Popen[bytes]
HOME = Path(__file__).resolve().parents[2]
# How often a process is asked whether it is done, in seconds.
POLL = 0.05
# Of the libraries that compute: one thread, because the cores are the visitors' and sums in another order differ.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


def start(
    title: str,
    module: str,
    *arguments: str,
    output: IO[bytes] | int,
    errors: IO[bytes] | None = None,
    source: int = subprocess.DEVNULL,
    environment: Mapping[str, str],
) -> Child:
    """Start `python -m module arguments`, which outlives this process unless it is waited for.

    Args:
        title: what it is called where it cannot be started.
        module: dotted name.
        arguments: of our own making.
        output: where its standard output goes.
        errors: where its errors go; nowhere by default.
        source: where its standard input comes from; nowhere by default.
        environment: variables that differ from this process's.

    Raises:
        UserError: if it cannot be started.
    """
    try:
        return subprocess.Popen(  # noqa: S603 - our own module, and arguments of our own making
            [sys.executable, "-m", module, *arguments],
            cwd=HOME,
            env=settings.child_environment(environment),
            stdin=source,
            stdout=output,
            stderr=errors or subprocess.DEVNULL,
            # Away from the terminal's Ctrl-C and hang-up, which are meant for the server: a session of its own, and
            # on Windows, which has none, a group.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
    except OSError as error:
        raise UserError(f"{title} cannot be started ({error.strerror}).") from error


def start_answering(title: str, module: str, *, environment: Mapping[str, str]) -> Child:
    """As start(), of a process that answers what it is asked: by pipes, as long as it is wanted.

    Its input ends with this process, so that it does not outlive it.
    """
    return start(title, module, output=subprocess.PIPE, source=subprocess.PIPE, environment=environment)


def end(process: Child) -> None:
    """End a process of start_answering(), whatever it is doing."""
    # Two may end it at once.
    with suppress(ProcessLookupError):
        if process.poll() is None:
            _kill(process)
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with suppress(OSError):
                stream.close()


def wait(process: Child, watch: Callable[[], None], *, seconds: float = math.inf) -> int | None:
    """Wait for a process of start(), and end it where nobody waits any more.

    Args:
        process: that was started.
        watch: called every POLL seconds; what it raises ends the process and passes through.
        seconds: that it may take.

    Returns:
        Its exit code, negative for a signal; None where it took too long and was ended.
    """
    deadline = time.monotonic() + seconds
    try:
        while time.monotonic() < deadline:
            watch()
            with suppress(subprocess.TimeoutExpired):
                return process.wait(POLL)
    finally:
        if process.poll() is None:
            _kill(process)
    return None


def _kill(process: Child) -> None:
    """End a process at once, with its group where the system has groups."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
