"""How far a download or any other long wait is."""

from __future__ import annotations

from collections.abc import Callable

# Called with the bytes that have arrived and the bytes expected (None where unknown). May raise to cancel.
Report = Callable[[int, int | None], None]


def silent(done: int, total: int | None) -> None:
    """A Report that tells nobody."""
