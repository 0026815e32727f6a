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
# Any quantity.
ANY = ""


def place(curves: Sequence[Curve]) -> tuple[Curve, ...]:
    """Say what each curve of a run counts, and put those that count epochs on the steps at which these ended.

    An epoch is put on the last step that the session's longest curve had logged by then; only where epochs so come out
    evenly is this taken for certain. Otherwise what counts epochs keeps its numbers, on an axis of its own.
    """
    counted = [_with_unit(curve) for curve in curves]
    longest: dict[tuple[int, str], Curve] = {}
    for curve in counted:
        for key in ((curve.session, ANY), (curve.session, _quantity(curve))):
            if curve.unit == STEP and (key not in longest or curve.steps.size > longest[key].steps.size):
                longest[key] = curve
    timelines = {session: _Timeline.of(curve) for (session, of), curve in longest.items() if of == ANY}
    return tuple(
        _beside(curve, timelines[curve.session], longest.get((curve.session, _quantity(curve))))
        if curve.unit != ORDER and curve.session in timelines
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


@dataclasses.dataclass(frozen=True, eq=False)
class _Timeline:
    """When a session reached which step, as its longest curve tells.

    Attributes:
        steps: (n,) int64, ascending.
        walls: (n,) ascending times; None where they do not tell.
        coarse: the most that its steps are apart.
    """

    steps: np.ndarray
    walls: np.ndarray | None
    coarse: float

    @classmethod
    def of(cls, curve: Curve) -> _Timeline:
        """The timeline of a curve."""
        walls, steps = curve.wall_times, curve.steps
        tells = steps.size > 1 and walls[0] < walls[-1] and not (walls[1:] < walls[:-1]).any()
        coarse = float(np.diff(steps.astype(float)).max()) if tells else 0.0
        return cls(steps, walls if tells else None, coarse)

    def reached(self, walls: np.ndarray) -> np.ndarray | None:
        """The step that was reached at each of some times; None where that is not told."""
        places = None if self.walls is None else np.searchsorted(self.walls, walls, side="right") - 1
        return None if places is None or places.min() < 0 else self.steps[places]


def _beside(curve: Curve, timeline: _Timeline, alike: Curve | None) -> Curve:
    """A curve as it stands beside the others of its session, of which one is the longest of its quantity."""
    if curve.steps.size < 2 or curve.steps.size >= timeline.steps.size:
        return curve
    ended = timeline.reached(curve.wall_times)
    if ended is not None and _is_even(curve.steps, ended, timeline.coarse):
        return dataclasses.replace(curve, unit=STEP, positions=ended)
    if curve.unit == STEP and alike is not None and _counts_epochs(curve, alike, ended):
        return dataclasses.replace(curve, unit=EPOCH)
    return curve


def _is_even(numbers: np.ndarray, ended: np.ndarray, coarse: float) -> bool:
    """Whether what a curve counts takes the same number of steps each time, from the first step on."""
    counted, reached = numbers.astype(float), ended.astype(float)
    stride = counted[1] - counted[0]
    if stride < 1 or (np.diff(counted) != stride).any():
        return False
    each = float(np.median(np.diff(reached))) / stride
    # Who tests every hundredth step may be late as well; nobody is so by so much.
    if each < (2 if stride == 1 else FAR):
        return False
    near = max(EVEN * each * stride, coarse)
    begun = abs(reached[0] - each * (counted[0] + np.array([0, 1]))).min()
    return bool(begun <= near and (abs(np.diff(reached) - each * stride) <= near).all())


def _counts_epochs(curve: Curve, longest: Curve, ended: np.ndarray | None) -> bool:
    """Whether a curve that cannot be placed counts 0, 1, 2 where the longest one goes much further."""
    first, last = int(curve.steps[0]), int(curve.steps[-1])
    if first not in (0, 1) or last - first != curve.steps.size - 1 or int(longest.steps[-1]) < FAR * last:
        return False
    # Where both were at the same steps at the same times, it stopped early and counts steps.
    return ended is None or bool((abs(ended.astype(float) - curve.steps) > FAR).any())
