"""Samples drawn in two halves, which together are the map and side by side tell how steady it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from dashboard.inspection.attribution.method import choice
from dashboard.inspection.attribution.outcome import MARKED_AGREEMENT

if TYPE_CHECKING:
    from torch import Tensor

ADAPTIVE = "adaptive"
MOST_SAMPLES = 1000
# Samples that are drawn together, between two looks at how steady the map is.
DRAWN = 10

Halves = tuple["Tensor", "Tensor"]
# A number of fresh samples -> the mean over them.
Draw = Callable[[int], "Tensor"]


def samples(label: str, text: str) -> str:
    """A number of samples, as a field of Parameters."""
    field: str = choice(ADAPTIVE, (ADAPTIVE, "10", "20", "50", "100", "200", "500", "1000"), label, text)
    return field


def agreement(join: Callable[[Tensor], Tensor], halves: Halves) -> float:
    """Correlation between the maps of two halves of the samples; not a number where one of them is constant."""
    import torch

    joined = torch.stack([join(half.detach().double()).flatten() for half in halves])
    return float(torch.corrcoef(joined)[0, 1])


def draw_halves(draw: Draw, count: str, steady: Callable[[Halves], bool]) -> tuple[Tensor, Halves]:
    """The mean over samples, and the means over either half of them.

    Args:
        draw: of so many samples.
        count: how many samples, or adaptive: until they are steady, at most MOST_SAMPLES.
        steady: whether more samples are not needed.
    """
    if count != ADAPTIVE:
        halves = draw(int(count) // 2), draw(int(count) // 2)
        return (halves[0] + halves[1]) / 2, halves
    rounds = MOST_SAMPLES // (2 * DRAWN)
    sums = [draw(DRAWN), draw(DRAWN)]
    done = 1
    while done < rounds and not steady((sums[0] / done, sums[1] / done)):
        sums = [total + draw(DRAWN) for total in sums]
        done += 1
    return (sums[0] + sums[1]) / (2 * done), (sums[0] / done, sums[1] / done)


def halves_agree(join: Callable[[Tensor], Tensor]) -> Callable[[Halves], bool]:
    """Whether two halves agree so well that nobody needs a warning."""
    return lambda halves: agreement(join, halves) >= MARKED_AGREEMENT


def pictures(count: str) -> int:
    """How many samples that is; the most there can be where adaptive."""
    return MOST_SAMPLES if count == ADAPTIVE else int(count)
