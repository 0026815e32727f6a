"""Whether a tree explains a network, and whether there is anything to explain: the one place that decides."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from dashboard.inspection.passes.pool import FEW
from dashboard.inspection.surrogate.sample import HELD_OUT, Sample
from dashboard.inspection.surrogate.tree import FEWEST_IN_A_LEAF, kappa
from dashboard.records.surrogate import Fidelity, Readings, Surrogate

# A tree explains a network from this fidelity on, if the agreement goes beyond chance as far as is usually called
# substantial (Landis and Koch, 1977).
FAITHFUL, SUBSTANTIAL = 0.8, 0.6
# No answer of the network may be missed more often than not, however rare it is.
EVERY_ANSWER = 0.5
# Who gives one answer this often has collapsed.
COLLAPSED = 0.9
# A network whose agreement with the labels goes beyond chance no further than is usually called slight has learned
# nothing about these pictures.
SLIGHT = 0.2
# Pictures for each answer that the network gives, on average: with fewer, not every answer can have a leaf.
PER_ANSWER = FEWEST_IN_A_LEAF
# Standard deviations of a normal distribution between which 95 % of it lie.
DEVIATIONS = 1.959964
NO_CLASSES = (
    "This network does not answer with one of several classes: a tree imitates which class a network names, "
    "and this one gives values, or attributes each by itself."
)


def too_few(sample: Sample) -> str | None:
    """Why no tree can be grown with so few pictures, before any is read; None where there are enough."""
    count = len(sample.pool)
    if count >= FEW:
        return None
    return (
        f"Too few pictures: there are {count:,}, and to grow a tree takes at least {FEW}, better "
        f"{10 * FEW:,}, of which {100 * HELD_OUT:.0f} % are held out to measure it."
    )


def nothing_to_explain(
    readings: Readings, classes: Sequence[str], *, trained: bool, things: str = "pictures"
) -> str | None:
    """Why this network's answers are nothing that rules could explain, with the number; None where they are.

    Args:
        readings: with pictures of both kinds; the sentence is about those held out.
        classes: names by class index.
        trained: False means random weights.
        things: what was read, in a word.
    """
    held_out = readings.held_out
    answers, counts = np.unique(readings.answers[held_out], return_counts=True)
    share, name = counts.max() / counts.sum(), classes[int(answers[counts.argmax()])]
    commonest = (
        f"{name} is its answer to {100 * share:.0f} % of {counts.sum():,} {things}{_rightness(readings)}"
    )
    if not trained:
        return f"This network is untrained, so it has learned nothing that rules could explain: {commonest}."
    if share >= COLLAPSED:
        return f"This network has collapsed: {commonest}. Rules about the rest would explain nothing."
    known = held_out & (readings.labels >= 0)
    if known.any() and kappa(readings.answers[known], readings.labels[known]) < SLIGHT:
        return f"This network answers hardly better than chance, so there is nothing to explain: {commonest}."
    different, grown = len(np.unique(readings.answers)), int((~held_out).sum())
    if grown < PER_ANSWER * different:
        return (
            f"Too few {things}: the network gives them {different:,} different answers, and to learn "
            f"each from {PER_ANSWER} takes {PER_ANSWER * different:,}; there are {grown:,}."
        )
    return None


def _rightness(readings: Readings) -> str:
    known = readings.held_out & (readings.labels >= 0)
    if not known.any():
        return ""
    labels = readings.labels[known]
    right, constant = (readings.answers[known] == labels).mean(), np.bincount(labels).max() / len(labels)
    return f", and it is right for {100 * right:.0f} %, where always naming one class is for {100 * constant:.0f} %"


def explains(fidelity: Fidelity) -> bool:
    """Whether a tree imitates the network so well that it may be called an explanation."""
    worst = 1.0 if fidelity.worst is None else fidelity.worst.share
    return fidelity.held_out >= FAITHFUL and fidelity.kappa >= SUBSTANTIAL and worst >= EVERY_ANSWER


def shallowest(surrogate: Surrogate) -> int | None:
    """The least depth, from 1, at which the tree explains the network; None where none does."""
    return next((fidelity.depth for fidelity in surrogate.fidelity[1:] if explains(fidelity)), None)


def knee(surrogate: Surrogate) -> int:
    """The depth, from 1, behind which more questions bring less than before: the knee of fidelity over depth.

    Reference:
        Satopaa et al. 2011, Finding a "Kneedle" in a Haystack: the largest distance above the straight line from the
        first to the last.
    """
    shares = [fidelity.held_out for fidelity in surrogate.fidelity]
    depths, rise = len(shares) - 1, shares[-1] - shares[0]
    return max(range(1, depths + 1), key=lambda depth: shares[depth] - shares[0] - rise * depth / depths)


def margin(share: float, count: int) -> tuple[float, float]:
    """Between which shares that of all such pictures lies, with 95 % confidence, after a share of so many.

    Reference:
        Wilson 1927, Probable Inference, the Law of Succession, and Statistical Inference, JASA 22.
    """
    wide = DEVIATIONS**2 / count
    half = DEVIATIONS * math.sqrt(share * (1 - share) / count + wide / (4 * count))
    middle = share + wide / 2
    return (middle - half) / (1 + wide), (middle + half) / (1 + wide)
