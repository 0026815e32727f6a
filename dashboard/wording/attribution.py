"""What a map is worth, in words."""

from __future__ import annotations

from dashboard.records.attribution import Attribution
from dashboard.wording.numbers import significant

# Of an outcome, for whoever reads nothing else.
WORDS = {"clean": "Checked", "marked": "Take with care", "refused": "Not drawn"}


def limits(found: Attribution, limit: float) -> tuple[str, str]:
    """What stands at the two ends of a map's scale."""
    end = significant(limit)
    return (f"-{end} against", f"{end} for") if found.signed else ("0", end)


def measures(found: Attribution) -> list[str]:
    """The numbers of the checks, and the layer that was read."""
    told = [f"{name} {100 * value:.1f} %" for name, value in found.outcome.measures.items()]
    return [*told, f"layer {found.layer}"] if found.layer else told
