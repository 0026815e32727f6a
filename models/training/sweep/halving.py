"""When a trial is given up: asynchronous successive halving."""

from __future__ import annotations

import math
from collections.abc import Sequence


def falls_behind(score: float, others: Sequence[float], keep: int) -> bool:
    """Whether a trial is not among the best of those that have reached its rung, one in `keep`.

    No trial waits for others: it is held against those that came before, so the first few always go on (Li et al., A
    system for massively parallel hyperparameter tuning, MLSys 2020).

    Args:
        score: of the trial, the higher the better.
        others: of the trials that reached the rung before it.
        keep: of so many trials one goes on; 2 or more.
    """
    if len(others) + 1 < keep:
        return False
    better = sum(other > score for other in others)
    return better >= math.floor((len(others) + 1) / keep)
