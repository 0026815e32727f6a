"""What a map is worth, in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dashboard.records.attribution import Attribution, Outcome, concentration
from dashboard.wording.numbers import percent, three_digits

# Of an outcome, for whoever reads nothing else.
WORDS = {"clean": "No fault found", "marked": "Take with care", "refused": "Not drawn"}
# What is looked for in every map, and in those that have what it takes: name of the measure -> what is looked for.
ALWAYS = "values that are not finite, a constant map, and values no larger than rounding"
MEASURED = {
    "completeness gap": "a sum that misses the change of score",
    "agreement of halves": "halves of the samples that disagree",
    "agreement with itself made again": "a map that changes when it is made again",
}


def limits(attribution: Attribution, limit: float) -> tuple[str, str]:
    """What stands at the two ends of a map's scale, and that values lie beyond."""
    values = np.zeros(1) if attribution.values is None else attribution.values
    low, high = (
        three_digits(limit) + (" and more" if most > limit else "") for most in (-values.min(), values.max())
    )
    return (f"-{low} against", f"{high} for") if attribution.signed else ("0", high)


def measures(attribution: Attribution) -> list[str]:
    """The numbers of the checks, and the layer that was read."""
    checks = [f"{name} {100 * value:.1f} %" for name, value in attribution.outcome.measures.items()]
    return [*checks, f"layer {attribution.layer}"] if attribution.layer else checks


def looked_for(attribution: Attribution) -> str:
    """What a map was checked for, and what that does not say."""
    measured = [what for name, what in MEASURED.items() if name in attribution.outcome.measures]
    return (
        f"Looked for: {'; '.join((ALWAYS, *measured))}. That none is there does not prove the map right: Which to "
        "believe, on the Attribution page, measures it on the network itself."
    )


def focus(values: np.ndarray, title: str, method: str) -> str:
    """Where a map points: how little of the picture holds half of what speaks for the class.

    Args:
        values: (H, W), the map; what is above 0 speaks for the class.
        title: of the class.
        method: title of the method.
    """
    return f"Half of what speaks for {title} lies in {percent(concentration(values))} of the picture, by {method}."


def tally(outcomes: Sequence[Outcome]) -> str:
    """How many of the maps, at least one, passed their checks."""
    kinds = [outcome.kind for outcome in outcomes]
    counts = {
        "passed every check": kinds.count("clean"),
        "to be taken with care": kinds.count("marked"),
        "could not be drawn": kinds.count("refused"),
    }
    parts = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    maps = "the map" if len(kinds) == 1 else f"{len(kinds)} maps"
    return f"Of {maps} of what the answer rests on: {parts}."


def nothing_told(title: str) -> str:
    """That maps of a class are drawn, and none is more than rounding or chance."""
    return f"The maps of {title} are rounding, or others each time: nothing can be read from them."


def nothing_drawn(title: str) -> str:
    """That no map of a class is worth showing."""
    return f"No map of {title} could be drawn that is worth showing."
