"""Where curves are drawn: all of a run on one axis of steps where that can be, each other on an axis of its own."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from models.tensorboard.series import EPOCH, ORDER, STEP, Curve
from models.tensorboard.tags import counts_epochs, tag_label

# A curve that counts from 0 or 1 and ends so many times earlier than the longest does not count its steps.
FAR = 5
# Epochs are of one length, to this share of it.
EVEN = 0.1


def place(curves: Sequence[Curve]) -> tuple[Curve, ...]:
    """Say what each curve of a run counts, and put those that count epochs on the steps at which these ended.

    An epoch is put on the last step that the session's longest curve had logged by then; only where epochs so come out
    evenly is this taken for certain. Otherwise what counts epochs keeps its numbers, on an axis of its own.
    """
    counted = [_with_unit(curve) for curve in curves]
    longest: dict[tuple[int, str], Curve] = {}
    for curve in counted:
        for key in ((curve.session, ""), (curve.session, _quantity(curve))):
            if curve.unit == STEP and (key not in longest or curve.steps.size > longest[key].steps.size):
                longest[key] = curve
    return tuple(
        _beside(curve, longest[curve.session, ""], longest.get((curve.session, _quantity(curve))))
        if curve.unit != ORDER and (curve.session, "") in longest
        else curve
        for curve in counted
    )


def _quantity(curve: Curve) -> str:
    return f"of {tag_label(curve.tag, curve.part).title}"


def _with_unit(curve: Curve) -> Curve:
    """What a curve counts by itself: nothing was counted where all points have step 0."""
    if curve.steps.size > 1 and not curve.steps.any():
        return dataclasses.replace(curve, unit=ORDER, positions=np.arange(curve.steps.size))
    return dataclasses.replace(curve, unit=EPOCH if counts_epochs(curve.tag) else STEP)


def _beside(curve: Curve, longest: Curve, alike: Curve | None) -> Curve:
    """A curve as it stands beside the longest one of its session, and the longest of its quantity."""
    if curve.steps.size < 2 or curve.steps.size >= longest.steps.size:
        return curve
    ended = _by_time(curve, longest)
    if ended is not None and _is_even(curve, longest, ended):
        return dataclasses.replace(curve, unit=STEP, positions=ended)
    if curve.unit == STEP and alike is not None and _counts_epochs(curve, alike, ended):
        return dataclasses.replace(curve, unit=EPOCH)
    return curve


def _by_time(curve: Curve, longest: Curve) -> np.ndarray | None:
    """The step that the longest curve had reached when each point was logged; None where times do not tell."""
    walls = longest.wall_times
    if (walls[1:] < walls[:-1]).any() or not walls[0] < walls[-1]:
        return None
    reached = np.searchsorted(walls, curve.wall_times, side="right") - 1
    return None if reached.min() < 0 else longest.steps[reached]


def _is_even(curve: Curve, longest: Curve, ended: np.ndarray) -> bool:
    """Whether what a curve counts takes the same number of steps each time, from the first step on."""
    counted, reached = curve.steps.astype(float), ended.astype(float)
    stride = counted[1] - counted[0]
    if stride < 1 or (np.diff(counted) != stride).any():
        return False
    each = float(np.median(np.diff(reached))) / stride
    # Who tests every hundredth step may be late as well; nobody is so by so much.
    if each < (2 if stride == 1 else FAR):
        return False
    near = max(EVEN * each * stride, float(np.diff(longest.steps.astype(float)).max()))
    begun = abs(reached[0] - each * (counted[0] + np.array([0, 1]))).min()
    return bool(begun <= near and (abs(np.diff(reached) - each * stride) <= near).all())


def _counts_epochs(curve: Curve, longest: Curve, ended: np.ndarray | None) -> bool:
    """Whether a curve that cannot be placed counts 0, 1, 2 where the longest one goes much further."""
    first, last = int(curve.steps[0]), int(curve.steps[-1])
    if first not in (0, 1) or last - first != curve.steps.size - 1 or int(longest.steps[-1]) < FAR * last:
        return False
    # Where both were at the same steps at the same times, it stopped early and counts steps.
    return ended is None or bool((abs(ended.astype(float) - curve.steps) > FAR).any())
