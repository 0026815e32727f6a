"""Ticks of logarithmic axes that say whole numbers."""

from __future__ import annotations

import math

from dashboard.wording.numbers import three_digits

# Ticks on an axis, at most.
MOST = 8


def ticks(low: float, high: float) -> dict[str, list[float] | list[str]]:
    """Where ticks stand between two values above 0, and what they say: 1, 2, 5 within few decades, else powers of 10.

    Args:
        low: above 0.
        high: at least low.
    """
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    candidates = [
        [digit * 10.0**power for power in powers for digit in digits] for digits in ((1, 2, 5), (1,))
    ]
    inside = [
        [value for value in values if low <= value * (1 + 1e-9) and value <= high] for values in candidates
    ]
    chosen = next((values for values in inside if 1 < len(values) <= MOST), inside[0] or [low])
    chosen = chosen[:: -(-len(chosen) // MOST)]
    return {"tickvals": chosen, "ticktext": [three_digits(value) for value in chosen]}
