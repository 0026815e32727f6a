"""How a command ends in a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable

from models.runtime.errors import UserError

REFUSED = 2


def run_command(work: Callable[[], int | None]) -> int:
    """Do a command's work; its exit code, 0 where it has none, and REFUSED with one sentence where it was refused."""
    try:
        return work() or 0
    except UserError as refusal:
        print(f"error: {refusal}", file=sys.stderr)
        return REFUSED
