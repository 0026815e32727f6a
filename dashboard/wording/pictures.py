"""How far numbers over some pictures can be trusted, in sentences."""

from __future__ import annotations


def hint(count: int, what: str = "pictures") -> str:
    """That so few pictures say little."""
    return f"{count:,} {what}: a hint, not a statistic."


def unread(count: int, pictures: str) -> str:
    """That some of the pictures, which are told with their number, could not be read."""
    return f"{count:,} of {pictures} could not be read and are left out."
