"""How much memory a block of work adds to this process."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from models.runtime.memory import release_memory

MEGABYTE = 2**20


class Peak:
    """Megabytes by which this process grows at most while a block runs.

    What was freed before is given back to the system first: a block that fills it again would seem to take nothing.
    """

    megabytes = 0.0

    def __enter__(self) -> None:
        release_memory()
        self._done = threading.Event()
        self._start = _resident()
        self._watch = threading.Thread(target=self._follow, daemon=True)
        self._watch.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._watch.join()

    def _follow(self) -> None:
        while not self._done.wait(0.01):
            self.megabytes = max(self.megabytes, _resident() - self._start)


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE
