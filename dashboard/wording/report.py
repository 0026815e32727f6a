"""What a report holds, in a sentence."""

from __future__ import annotations

from dashboard.wording.numbers import count, memory


def headline(views: int, size: int) -> str:
    """How many views a report shows, and its size in bytes."""
    return f"Your report is ready: {count(views, 'view')} in one file of {memory(size)}, which opens offline."
