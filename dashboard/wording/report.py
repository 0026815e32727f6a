"""What a report holds, in a sentence."""

from __future__ import annotations


def headline(views: int, size: int) -> str:
    """How many views a report shows, and its size in bytes."""
    return f"A report of {views} view{'s' * (views != 1)} in one file of {size / 1e6:.1f} MB, which opens offline."
