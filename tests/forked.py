"""Processes of ours, forked from one that has imported torch: where the start of Python is not what is tested.

Each is a process of its own with bounds of its own, as `models.runtime.child` starts it; only the imports are
shared, 1.5 s of a processor that each of them would take.
"""

from __future__ import annotations

import importlib
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Mapping
from typing import IO

# A message is one list of strings and names two or three files to write to.
LONGEST = 2**16
FILES = 3
SANDBOX = "models.checkpoints.sandbox"
PRELOADED = ("models.classifier", "safetensors.torch", SANDBOX)


class Nursery:
    """Starts processes from one that has imported all they need; to be closed."""

    def __init__(self) -> None:
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._turn = threading.Lock()
        with theirs:
            self._process = subprocess.Popen([sys.executable, "-m", "tests.forked"], stdin=theirs.fileno())

    def start(
        self,
        title: str,
        module: str,
        *arguments: str,
        output: IO[bytes],
        errors: IO[bytes] | None = None,
        environment: Mapping[str, str],
    ) -> Forked:
        """What `models.runtime.child.start` does."""
        report, reported = os.pipe()
        try:
            files = [file.fileno() for file in (output, errors) if file is not None]
            message = json.dumps([module, list(arguments), {**os.environ, **environment}]).encode()
            with self._turn:
                socket.send_fds(self._ours, [message], [reported, *files])
        finally:
            os.close(reported)
        return Forked(report)

    def close(self) -> None:
        """End the process that the others come from."""
        self._ours.close()
        self._process.kill()
        self._process.wait()


class Forked:
    """What `models.runtime.child` knows of a process."""

    def __init__(self, report: int) -> None:
        self._report = os.fdopen(report, "rb", buffering=0)
        self.pid = int(self._report.read(8))
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Its exit code, negative for a signal; None while it runs."""
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its exit code."""
        code = self._ended(timeout)
        if code is None:
            raise subprocess.TimeoutExpired([], timeout or 0)
        return code

    def _ended(self, seconds: float | None) -> int | None:
        if self.returncode is None and select.select([self._report], [], [], seconds)[0]:
            self.returncode = int(self._report.read(8))
            self._report.close()
        return self.returncode


def main() -> None:
    """Import, then fork for every message on standard input."""
    for module in PRELOADED:
        importlib.import_module(module)
    # It is run as a program, which it is not once it was imported.
    del sys.modules[SANDBOX]
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    orders = socket.socket(fileno=0)
    while (received := socket.recv_fds(orders, LONGEST, FILES))[0]:
        message, files = received[0], received[1]
        if not os.fork():
            _keep(message, *files)
            os._exit(0)
        for file in files:
            os.close(file)


def _keep(message: bytes, report: int, *files: int) -> None:
    """Fork the process itself, and report its number and how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if not pid:
        os.setsid()
        os.write(report, b"%8d" % os.getpid())
        os.close(report)
        os._exit(_run(message, *files))
    _, status = os.waitpid(pid, 0)
    os.write(report, b"%8d" % os.waitstatus_to_exitcode(status))


def _run(message: bytes, output: int, errors: int | None = None) -> int:
    """Be the program of that message; its exit code."""
    module, arguments, environment = json.loads(message)
    nothing = os.open(os.devnull, os.O_RDWR)
    for file, place in ((nothing, 0), (output, 1), (nothing if errors is None else errors, 2)):
        os.dup2(file, place)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv[1:] = arguments
    code = 0
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else int(left.code is not None)
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    return code


if __name__ == "__main__":
    main()
