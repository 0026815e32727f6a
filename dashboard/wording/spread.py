"""The sentence about what makes runs of the same settings differ."""

from __future__ import annotations

from dashboard.wording.numbers import enumeration
from models.training.sweep.spread import Source, Spread

HOW = (
    "Each source was drawn anew alone, the others held as in the first trial, so what two of them do together is not "
    "in it. Intervals of the standard deviation are those of chi squared, of shares Weerahandi's (1993); both take "
    "scores as normal."
)


def headline(spread: Spread) -> str:
    """Which source of chance does most, as far as that can be told."""
    first, *others = spread.sources
    if not first.deviation:
        measured = f"{spread.part} {spread.things}"
        return f"None of {len(spread.sources)} sources of chance changes how many {measured} are right."
    if not spread.like:
        return f"Runs differ most by {first.name}."
    if len(spread.like) == len(others):
        return "Which source of chance makes runs differ most cannot be told."
    return f"Runs differ most by {first.name}, which cannot be told apart from {enumeration(spread.like)}."


def amounts(spread: Spread) -> str:
    """How much each source of chance does; empty where none does anything."""
    if not spread.sources[0].deviation:
        return ""
    return (
        f"Standard deviation of the {spread.part} accuracy, and share of the variance of all together: "
        f"{enumeration([_amount(source) for source in spread.sources])}. "
        f"{100 * spread.noise:.3g} % of the labels that were learned from are wrong."
    )


def _amount(source: Source) -> str:
    return (
        f"{source.name} {100 * source.deviation:.2f} points ({100 * source.share:.0f} %, 95 % interval "
        f"{100 * source.share_low:.0f} to {100 * source.share_high:.0f} %)"
    )
