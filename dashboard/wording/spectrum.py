"""What the singular values of weights say, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.inspection.weights.power_law import FEWEST
from dashboard.records.weights import USUAL_ALPHA, Spectrum
from dashboard.wording.numbers import percent, three_digits


def headline(spectra: Sequence[Spectrum]) -> str:
    """How many layers have a tail as well-trained ones have, and which layer uses fewest of its directions."""
    if not spectra:
        return "No matrix in here that has a spectrum."
    narrow = min(spectra, key=_used)
    used = (
        f"{narrow.facts.layer} uses fewest of its directions: {three_digits(narrow.effective_rank)} of "
        f"{len(narrow.values):,}"
    )
    laws = [spectrum.law for spectrum in spectra if spectrum.law is not None]
    if not laws:
        return f"{used}."
    low, high = USUAL_ALPHA
    usual = sum(low <= law.alpha <= high for law in laws)
    return f"{usual:,} of {len(laws):,} layers have a tail in the usual range of well-trained ones; {used}."


def _used(spectrum: Spectrum) -> float:
    """The share of its directions that a layer uses, in [0, 1]."""
    rank = spectrum.effective_rank
    return rank / len(spectrum.values) if rank == rank else 0.0


def sentences(spectrum: Spectrum) -> list[str]:
    """A layer's ranks, and what its tail suggests."""
    count, law = len(spectrum.values), spectrum.law
    stable, effective = three_digits(spectrum.stable_rank), three_digits(spectrum.effective_rank)
    ranks = (
        f"{spectrum.facts.name}: of {count:,} directions, {stable} carry its energy (stable rank) and {effective} are "
        f"in use (effective rank). Condition number {three_digits(spectrum.condition)}."
    )
    if law is None:
        return [ranks, f"With fewer than {FEWEST} values that differ, its tail cannot be fitted."]
    fit = "as a power law may" if law.plausible else "so it is no power law, and alpha says little"
    return [
        ranks,
        f"Alpha {three_digits(law.alpha)}, fitted to the largest {law.tail:,} ({percent(law.tail / count)}); it misses "
        f"them by {three_digits(law.distance)} at most, {fit}. {_suggestion(law.alpha)}",
    ]


def _suggestion(alpha: float) -> str:
    """What an exponent suggests of a layer's training."""
    if alpha < USUAL_ALPHA[0]:
        return "Below 2, a few directions dominate: often a layer that is overfitted or was trained too hot."
    if alpha > USUAL_ALPHA[1]:
        return "Above 6, the tail is as light as a random matrix's: often a layer that learned little."
    return "That is within the usual range of well-trained layers."
