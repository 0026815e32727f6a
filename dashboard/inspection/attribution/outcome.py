"""The one place that decides what a map is worth: clean, marked or refused."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from dashboard.records.attribution import Outcome

MARKED_GAP = 0.05
REFUSED_GAP = 0.25
# Where the score hardly changes from baseline to photo, the gap is measured against this share of the range of
# all logits instead: a ratio to nothing says nothing.
FLOOR_SHARE = 0.01
MARKED_AGREEMENT = 0.9
# Of float32: what changes a score by a smaller share does not change it.
PRECISION = float(np.finfo(np.float32).eps)


@dataclass(frozen=True)
class Evidence:
    """What is known of a map beside its values.

    Attributes:
        gap: how far the values miss the change they promise to add up to, relative; None where they promise none.
        agreement: correlation between maps of two halves of the samples; None where nothing was sampled.
        equals: name of a simpler method whose map this one repeats although it must not; empty where it does not.
        warning: one sentence on what limits the map from the start.
        repeat: correlation between the map and itself made again, where the network is random; None where it is not.
        unsteady: one sentence on how far the network's answer moves by itself; empty where it holds still.
        size: of the scores of the photo, the largest without its sign: what is smaller by float32's precision than this
            is rounding. None where nobody measured it.
        power: of the score's unit that the values have.
        of: what the map is of, in a word.
    """

    gap: float | None = None
    agreement: float | None = None
    equals: str = ""
    warning: str = ""
    repeat: float | None = None
    unsteady: str = ""
    size: float | None = None
    power: int = 1
    of: str = "picture"


def completeness_gap(total: float, change: float, logit_range: float) -> float:
    """|sum(map) - change| over |change|, or over the floor where the change is smaller.

    Args:
        total: sum of the map.
        change: f(x) - f(baseline).
        logit_range: largest logit minus smallest, of the photo.
    """
    scale = max(abs(change), FLOOR_SHARE * logit_range, float(np.finfo(np.float32).tiny))
    return abs(total - change) / scale


def judge(values: np.ndarray, evidence: Evidence) -> Outcome:
    """The outcome of a map of shape (H, W), given what is known of it."""
    measures = {
        name: value
        for name, value in (
            ("completeness gap", evidence.gap),
            ("agreement of halves", evidence.agreement),
            ("agreement with itself made again", evidence.repeat),
        )
        if value is not None
    }
    refusal = _refusal(values, evidence)
    if refusal:
        return Outcome("refused", " ".join(filter(None, (refusal, evidence.unsteady))), measures)
    faint = _faint(values, evidence)
    warning = " ".join(filter(None, (faint, _moving(evidence), _warning(evidence))))
    telling = not faint and (evidence.repeat is None or evidence.repeat >= MARKED_AGREEMENT)
    return Outcome("marked" if warning else "clean", warning, measures, telling)


def _faint(values: np.ndarray, evidence: Evidence) -> str:
    peak = float(np.abs(values).max())
    if evidence.size is None or peak > (PRECISION * evidence.size) ** evidence.power:
        return ""
    return (
        f"The map's largest value is {peak:.1e}, which is rounding beside scores of up to {evidence.size:.3g}: it says "
        "nothing."
    )


def _moving(evidence: Evidence) -> str:
    if evidence.repeat is None:
        return evidence.unsteady
    only = "" if evidence.repeat >= MARKED_AGREEMENT else " only"
    return f"{evidence.unsteady} Made again, the map agrees with itself by {evidence.repeat:.2f}{only}."


def _refusal(values: np.ndarray, evidence: Evidence) -> str:
    if not np.isfinite(values).all():
        return f"The map holds {(~np.isfinite(values)).sum():,} values that are not finite numbers."
    if not np.ptp(values) > 0:
        return f"The map is constant: by this method no part of the {evidence.of} counts more than another."
    if evidence.gap is not None and not evidence.gap <= REFUSED_GAP:
        gap, limit = _percent(evidence.gap), _percent(REFUSED_GAP)
        return (
            f"The map misses the change of score it must add up to by {gap}; above {limit} it is not drawn."
        )
    if evidence.equals:
        return f"The map is the same as {evidence.equals}, so the method did not take hold in this network."
    return ""


def _warning(evidence: Evidence) -> str:
    if evidence.gap is not None and evidence.gap > MARKED_GAP:
        return f"The map misses the change of score it should add up to by {_percent(evidence.gap)}."
    if evidence.agreement is not None and not evidence.agreement >= MARKED_AGREEMENT:
        return f"Two halves of the samples agree by {evidence.agreement:.2f} only: more samples would steady the map."
    return evidence.warning


def _percent(share: float) -> str:
    return "more than 1,000 %" if not math.isfinite(share) or share > 10 else f"{100 * share:.3g} %"
