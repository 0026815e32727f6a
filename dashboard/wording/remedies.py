"""Sentences about what remedies did to a run that memorises."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.wording.numbers import count, lower, rate
from models.training.remedies import Outcome

HOW = (
    "The gap is that after the last epoch, in which dropout and augmentation make training pictures harder. The change "
    "of accuracy is that at the best epoch, with its 95 % interval, hollow where it cannot be told from none; the best "
    "of several is so partly by luck. The lines stand for the run as it was."
)


def compared(outcomes: Sequence[Outcome], waiting: int) -> str:
    """Which remedy narrows the gap most, and which makes the network right most often.

    Args:
        outcomes: one for each remedy that is trained; there may be none.
        waiting: remedies that are not trained yet, but will be.
    """
    going = f"{count(waiting, 'remedy', 'remedies')} {'is' if waiting == 1 else 'are'} still to be trained."
    if not outcomes:
        return going
    narrowest = min(outcomes, key=lambda outcome: outcome.gap)
    best = max(outcomes, key=lambda outcome: outcome.effect.after)
    effect = best.effect
    gap = (
        f"{narrowest.title} leaves the smallest gap between training and validation, {100 * narrowest.gap:.1f} points "
        f"instead of {100 * narrowest.gap_before:.1f}"
    )
    if not (effect.is_clear and effect.after > effect.before):
        gain = f"no remedy can be shown to make more of the {effect.part} pictures right"
    else:
        gain = (
            f"with {lower(best.title)} the most {effect.part} pictures are right, {rate(effect.after)} instead of "
            f"{rate(effect.before)} (95 % interval of the difference {100 * effect.low:.1f} to "
            f"{100 * effect.high:.1f} points)"
        )
    return " ".join([f"{gap}; {gain}.", *([f"So far: {going}"] if waiting else [])])
