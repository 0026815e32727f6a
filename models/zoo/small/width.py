"""How wide a layer is of a network that is asked for wider or narrower."""

from __future__ import annotations


def scale(units: int, width: float) -> int:
    """A layer's units, channels or features times the width that is asked for; one at least."""
    return max(1, round(units * width))
