"""The real app in a process of its own, as `streamlit run app.py` starts it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType

from tests.paths import ROOT

HOST = "localhost"
START_SECONDS = 60
STOP_SECONDS = 10
MOST_LOG = 2**24  # bytes


class Server:
    """A running app; to be used with `with`, which ends it.

    Args:
        threads: of torch.
        environment: more settings of the app, `VITRINE_...`.

    Attributes:
        port: it listens on.
        url: of its first page, without a slash at the end.
    """

    def __init__(self, *, threads: int = 1, **environment: str) -> None:
        self.port = free_port()
        self.url = f"http://{HOST}:{self.port}"
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  # closed by stop
        self._process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", *self._options()],
            cwd=ROOT,
            env={**os.environ, "VITRINE_THREADS": str(threads), **environment},
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def _options(self) -> tuple[str, ...]:
        return ("--server.port", str(self.port), "--server.headless", "true")

    @property
    def pid(self) -> int:
        """Process id; the process leads its own group."""
        return self._process.pid

    def log(self) -> str:
        """What it has written so far."""
        # pread, because the process writes at the file's one position.
        return os.pread(self._log.fileno(), MOST_LOG, 0).decode(errors="replace")

    def memory(self) -> float:
        """Resident memory in MB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024

    def __enter__(self) -> Server:
        deadline = time.monotonic() + START_SECONDS
        while not self._healthy():
            if self._process.poll() is not None or time.monotonic() > deadline:
                log = self.log()
                self.stop()
                raise RuntimeError(f"the app did not start:\n{log}")
            time.sleep(0.05)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def stop(self) -> None:
        """End the process and everything it started."""
        for sent in (signal.SIGTERM, signal.SIGKILL):
            if self._process.poll() is not None:
                break
            os.killpg(self.pid, sent)
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                continue
        self._log.close()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
