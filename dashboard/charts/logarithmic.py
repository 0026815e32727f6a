"""Ticks of logarithmic axes that say whole numbers."""

from __future__ import annotations

import math

from dashboard.wording.numbers import three_digits

# Ticks on an axis, at most.
MOST = 8
# Of so many decades, with the room that is left around them, plotly still divides an axis evenly.
CLOSE = 0.7


def ticks(low: float, high: float, unit: str = "") -> dict[str, list[float] | list[str]]:
    """Where ticks stand between two values above 0, and what they say: 1, 2, 5 within few decades, else powers of 10.

    Args:
        low: above 0.
        high: at least low.
        unit: that is said behind each.
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
    return {"tickvals": chosen, "ticktext": [three_digits(value) + unit for value in chosen]}


def step(low: float, high: float) -> dict[str, str | int]:
    """Plotly's step between ticks of an axis that can be zoomed: left to itself it writes 6 to 9 over each other.

    Args:
        low: above 0.
        high: at least low.

    Returns:
        For the axis: 1, 2 and 5 in each of few decades, else powers of 10; nothing within one decade, which is
        divided evenly.
    """
    decades = math.log10(high / low)
    if decades < CLOSE:
        return {}
    return {"dtick": "D2" if decades < 2.5 else math.ceil(decades / (MOST - 1))}
