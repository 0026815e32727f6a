"""Integrated Gradients in stretches of the way, so that only what is not exact yet is done again."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import torch
from captum.attr import IntegratedGradients
from torch import Tensor, nn

from dashboard.inspection.attribution.completeness import Change

EXACT = 0.01
MOST_STEPS = 320
# Steps on each stretch.
STEPS = 5
# A baseline without structure switches many units at the same point, so most happens close to it.
FIRST = (0.0, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1.0)

# Where a stretch begins and ends, as shares of the way from the baseline to the input.
Ends = tuple[float, float]


class Journey(Protocol):
    """What a way is gone for: a picture's task, or that of anything else that is one tensor."""

    @property
    def explained(self) -> nn.Module:
        """(N, ...) -> (N,)."""

    @property
    def inputs(self) -> Tensor:
        """Where the way ends, (1, ...)."""

    @property
    def batch(self) -> int:
        """Points of the way in one pass."""


@dataclass(frozen=True, eq=False)
class Segment:
    """A part of the way from the baseline to the input.

    Attributes:
        ends: as shares of the way.
        values: (1, ...), the credit for what changes on it.
        missing: by how much the values miss that change.
    """

    ends: Ends
    values: Tensor
    missing: float

    def halve(self) -> list[Ends]:
        """Its two halves."""
        begin, end = self.ends
        middle = (begin + end) / 2
        return [(begin, middle), (middle, end)]


class StraightPath:
    """The straight way from a baseline to an input.

    The credit for the whole way is the sum of the credits for its stretches, each of which is complete by itself:
    what a stretch misses tells where more steps are needed.

    Args:
        task: whose explained quantity changes on the way to its input.
        baseline: of the input's shape.
    """

    def __init__(self, task: Journey, baseline: Tensor) -> None:
        self._explained, self._batch = task.explained, task.batch
        self._baseline, self._direction = baseline, task.inputs - baseline
        self._heights: dict[float, float] = {}

    def maps(self) -> Iterator[tuple[int, Tensor]]:
        """Steps and map, ever more exact: each time the third of the stretches that miss most is halved."""
        segments = self._integrate(list(itertools.pairwise(FIRST)))
        while True:
            yield STEPS * len(segments), torch.stack([segment.values for segment in segments]).sum(0)
            segments.sort(key=lambda segment: abs(segment.missing))
            kept = len(segments) - _split(len(segments))
            halves = [half for segment in segments[kept:] for half in segment.halve()]
            segments = segments[:kept] + self._integrate(halves)

    def _integrate(self, parts: list[Ends]) -> list[Segment]:
        self._score_ends(parts)
        several = max(1, self._batch // STEPS)
        return [
            segment
            for first in range(0, len(parts), several)
            for segment in self._integrate_batch(parts[first : first + several])
        ]

    def _integrate_batch(self, parts: list[Ends]) -> list[Segment]:
        begins, ends = (self._points(list(points)) for points in zip(*parts, strict=True))
        credit = IntegratedGradients(self._explained).attribute(
            ends, begins, n_steps=STEPS, internal_batch_size=max(self._batch, len(parts))
        )
        return [self._segment(part, values) for part, values in zip(parts, credit.split(1), strict=True)]

    def _segment(self, ends: Ends, values: Tensor) -> Segment:
        change = self._heights[ends[1]] - self._heights[ends[0]]
        return Segment(ends, values, float(values.sum(dtype=torch.float64)) - change)

    def _score_ends(self, parts: list[Ends]) -> None:
        """Note the explained quantity wherever a stretch begins or ends."""
        new = sorted({point for part in parts for point in part} - self._heights.keys())
        for first in range(0, len(new), self._batch):
            points = new[first : first + self._batch]
            with torch.no_grad():
                heights = self._explained(self._points(points)).tolist()
            self._heights.update(zip(points, heights, strict=True))

    def _points(self, shares: list[float]) -> Tensor:
        along = self._direction.new_tensor(shares).view(-1, *[1] * (self._direction.ndim - 1))
        return self._baseline + along * self._direction


def refine_until_exact(
    maps: Iterator[tuple[int, Tensor]], change: Change, wanted: float = EXACT, most: int = MOST_STEPS
) -> tuple[Tensor, str]:
    """The first map that, like the one before it, misses the change by less than wanted; else the last, and a warning.

    Args:
        maps: steps and map, ever more exact.
        change: what a map must add up to.
        wanted: the gap below which nothing more is asked.
        most: steps that are taken.
    """
    exact = 0
    for steps, values in maps:
        gap = change.gap(float(values.sum(dtype=torch.float64)))
        exact = exact + 1 if gap < wanted else 0
        if exact == 2:
            return values, ""
        if _next(steps) > most:
            break
    return (
        values,
        f"A gap below {100 * wanted:g} % was not reached in {steps} steps: it is {100 * gap:.2g} %.",
    )


def most_pictures(most: int = MOST_STEPS) -> int:
    """How many pictures the network sees in `StraightPath.maps` until there would be more than so many steps."""
    stretches = len(FIRST) - 1
    pictures = len(FIRST) + STEPS * stretches
    while _next(STEPS * stretches) <= most:
        split = _split(stretches)
        pictures += split + 2 * STEPS * split
        stretches += split
    return pictures


def _split(stretches: int) -> int:
    return max(1, stretches // 3)


def _next(steps: int) -> int:
    return steps + STEPS * _split(steps // STEPS)
