"""What a page asks of a trainer, through a file that both can reach, over a shared disk too."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from models.runtime import files
from models.runtime.errors import UserError

FILE = "control.json"
PAUSE, RESUME, STOP = "pause", "resume", "stop"
REQUESTS = (PAUSE, RESUME, STOP)


@dataclass(frozen=True)
class Request:
    """One wish.

    Attributes:
        sequence: greater than that of every wish before; 0 stands for no wish at all.
        wish: one of REQUESTS.
    """

    sequence: int = 0
    wish: str = RESUME


def ask(run: Path, wish: str) -> Request:
    """Write down a wish; the trainer reads it within a second.

    Raises:
        UserError: if there is no such wish, or the disk is full.
    """
    if wish not in REQUESTS:
        raise UserError(f"A run cannot be asked to {wish[:20]!r}; choose one of {', '.join(REQUESTS)}.")
    # The clock keeps two pages that ask at once apart, the last number keeps order when the clock jumps back.
    request = Request(max(time.time_ns(), read(run).sequence + 1), wish)
    files.write_json(run / FILE, {"sequence": request.sequence, "request": request.wish})
    return request


def read(run: Path) -> Request:
    """The latest wish; what is damaged is none."""
    try:
        content = files.read_json(run / FILE)
    except (FileNotFoundError, UserError):
        return Request()
    sequence, wish = content.get("sequence"), content.get("request")
    if not isinstance(sequence, int) or wish not in REQUESTS:
        return Request()
    return Request(sequence, wish)
