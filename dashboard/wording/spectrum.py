"""What the singular values of weights say, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.inspection.weights.power_law import FEWEST
from dashboard.records.weights import USUAL_ALPHA, Spectrum
from dashboard.wording.numbers import count, enumeration, percent, short_title, three_digits

# Layers that are named in one sentence.
MOST_NAMED = 3


def headline(title: str, spectra: Sequence[Spectrum]) -> str:
    """Whether the tails of a network of that title speak against its training, and which layer is narrowest.

    A tail that is no power law says nothing and counts for nothing.
    """
    name = short_title(title)
    if not spectra:
        return f"{name} has no matrix with a spectrum."
    narrow = min(spectra, key=_used)
    used = (
        f"{narrow.facts.layer} uses the smallest share of its directions, {three_digits(narrow.effective_rank)} of "
        f"{len(narrow.values):,}"
    )
    telling = [
        (spectrum.facts.layer, spectrum.law.alpha)
        for spectrum in spectra
        if spectrum.law is not None and spectrum.law.plausible
    ]
    if not telling:
        return f"What these spectra say of {name} is not clear: no tail is a power law; {used}."
    low, high = USUAL_ALPHA
    heavy = [layer for layer, alpha in telling if alpha < low]
    light = [layer for layer, alpha in telling if alpha > high]
    if not heavy and not light:
        return f"Nothing in these spectra speaks against {name}; {used}."
    doubts = [
        f"{_few_names(layers)} of {name} may {what}"
        for layers, what in (
            (heavy, "be overtrained, a few directions ruling all others"),
            (light, "have learned little, with a spectrum like that of chance"),
        )
        if layers
    ]
    return f"{', and '.join(doubts)}; {used}."


def _few_names(layers: Sequence[str]) -> str:
    """The layers by name, or how many there are."""
    return enumeration(layers) if len(layers) <= MOST_NAMED else count(len(layers), "layer")


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
