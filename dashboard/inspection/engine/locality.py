"""Whether the places of a layer are the picture's: patches of the picture are changed, and it is seen where that shows.

Shapes only propose how an output may cover the picture. A proposal holds where each changed patch changes its own
place more than the other patches do. Nothing is supposed about the network: however far a place sees, and whatever
else moves everywhere, what differs from patch to patch does so where the patch is.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import replace

import torch
from torch import Tensor

from dashboard.records.network import GridLayout, LayerCall

# Centres of the patches, in shares of height and width: two rows and two columns, so that either is told by itself, and
# none is another where rows or columns are read backwards, or one for the other.
PATCHES = ((0.3, 0.17), (0.3, 0.64), (0.83, 0.17), (0.83, 0.64))
# A patch's side, as a share of the picture's.
SIDE = 1 / 8
# How strong the noise is that each patch gets alike, in units of normalised inputs, and its seed.
NOISE, SEED = 0.5, 0
# Of so many rows or columns those beside a patch are no other patch's.
ROOMY = 7
# By how much a patch changes its own places, and another its own, more than each the other's: the logarithm of the mean
# ratio, of the worst two patches. And the share of other places at which a patch counts less than at its own, compared
# with all patches, of the worst patch. Measured on two trained networks and 30 families of timm with random weights:
# where places are the picture's, 0.6 and 0.83 or more, but for attention that mixes all alike; elsewhere, and where a
# kernel is as wide as the grid, one of them is at most 0.1 or 0.68.
MARGIN, RANK = 0.1, 0.7
# Where patches change a place by so little more or less than each other, as the mean size of the logarithm of the
# ratio, nothing tells whose place it is: 0.5 at most behind convolutions that see all, 1 or more where places are
# others.
CONTRAST = 0.6
# Below this share of the largest change nothing has changed.
NOTHING = 1e-6
# How far a grid's aspect may be from the picture's: layers pad.
MISFIT = 0.15
# Class token, distillation token, registers: never more before the grid's tokens.
MOST_PREFIX = 17
# How often tokens may have been put apart by two.
MOST_UNROLLED = 3


def disturbed(picture: Tensor) -> Tensor:
    """A picture and, behind it, the same with noise on one patch each: (1, C, H, W) -> (1 + patches, C, H, W)."""
    rows, columns = (max(1, round(side * SIDE)) for side in picture.shape[2:])
    generator = torch.Generator().manual_seed(SEED)
    noise = NOISE * torch.randn((picture.shape[1], rows, columns), generator=generator).to(picture)
    pictures = picture.repeat(1 + len(PATCHES), 1, 1, 1)
    for changed, (down, across) in zip(pictures[1:], _patches(*picture.shape[2:]), strict=True):
        changed[:, down, across] += noise
    return pictures


def _patches(height: int, width: int) -> list[tuple[slice, slice]]:
    """The pixels of each patch."""

    def interval(centre: float, whole: int) -> slice:
        side = max(1, round(whole * SIDE))
        begin = min(max(0, round(centre * whole - side / 2)), whole - side)
        return slice(begin, begin + side)

    return [(interval(down, height), interval(across, width)) for down, across in PATCHES]


def own_places(height: int, width: int) -> Tensor:
    """The places of a grid at which each patch is to show, (patches, h, w) bool; those of no two patches meet."""

    def touched(centre: float, count: int) -> Tensor:
        begin, end = ((centre + half) * count for half in (-SIDE / 2, SIDE / 2))
        places = torch.arange(count)
        # One place further in grids that leave room for it: a place of its own may be off.
        more = int(count >= ROOMY)
        return (places + 1 + more).gt(begin) & (places - more).lt(end)

    return torch.stack([touched(down, height)[:, None] & touched(across, width) for down, across in PATCHES])


def proposals(
    call: LayerCall, side: tuple[int, int], grids: Iterable[tuple[int, int]] = ()
) -> list[LayerCall]:
    """How an output may cover a picture, by its shape alone, the likeliest first.

    Args:
        call: without a layout.
        side: height and width of the picture.
        grids: that layers before have over the picture, which tokens may have too.

    Returns:
        The call with each layout that may be.
    """
    shape = call.shape
    if len(shape) == 3:
        fits: dict[GridLayout, tuple[int, int]] = {
            "channels first": (shape[1], shape[2]),
            "channels last": (shape[0], shape[1]),
        }
        ordered = sorted(fits, key=lambda name: _misfit(fits[name], side))
        return [
            replace(call, layout=name, grid=fits[name])
            for name in ordered
            if _misfit(fits[name], side) < MISFIT
        ]
    if len(shape) != 2:
        return []
    found = []
    for grid in dict.fromkeys([*grids, *_grids_of(shape[0], side)]):
        more = shape[0] - math.prod(grid)
        if not 0 <= more <= MOST_PREFIX or _misfit(grid, side) >= MISFIT:
            continue
        found += [
            (more, times, replace(call, layout="tokens", prefix=more, grid=grid, unrolled=times))
            for times in range(MOST_UNROLLED + 1)
            if not (grid[0] % 2**times or grid[1] % 2**times)
        ]
    return [proposal for _, _, proposal in sorted(found, key=lambda entry: entry[:2])]


def _grids_of(tokens: int, side: tuple[int, int]) -> list[tuple[int, int]]:
    """Grids of the picture's aspect that have so many places, or a few fewer."""
    aspect = side[0] / side[1]
    return [
        (height, count // height)
        for count in range(tokens, max(3, tokens - MOST_PREFIX - 1), -1)
        for height in {math.isqrt(round(count * aspect)), math.isqrt(round(count * aspect)) + 1}
        if height and count % height == 0
    ]


def _misfit(grid: tuple[int, int], side: tuple[int, int]) -> float:
    """How far a grid's aspect is from the picture's; infinite where it is no grid."""
    height, width = grid
    inside = 1 < height <= side[0] and 1 < width <= side[1]
    return abs(height / width * side[1] / side[0] - 1) if inside else math.inf


def is_local(change: Tensor) -> bool:
    """Whether each patch of `disturbed` shows where it lies, given how much each place changed: (patches, h, w)."""
    margin, rank = evidence(change)
    return margin > MARGIN and rank > RANK


def tells_nothing(change: Tensor) -> bool:
    """Whether patches of `disturbed` can be told apart nowhere, given how much each place changed: (patches, h, w)."""
    shares = _shares(change)
    if shares is None:
        return True
    ratio = len(shares) * shares / shares.sum(0)
    return float(ratio.log().abs().mean()) < CONTRAST


def evidence(change: Tensor) -> tuple[float, float]:
    """What tells whether places are the picture's: margin and rank, see MARGIN.

    Args:
        change: (patches, h, w), how much each place changed by each patch, at least 0; any unit.
    """
    _, height, width = change.shape
    shares = _shares(change)
    if shares is None:
        return -math.inf, 0.0
    own = own_places(height, width)
    logs = torch.stack(
        [shares[:, places].mean(1) for places in own], dim=1
    ).log()  # (patch, place of a patch)
    margin = min(
        float(logs[one, one] + logs[two, two] - logs[one, two] - logs[two, one]) / 2
        for one, two in itertools.combinations(range(len(own)), 2)
    )
    ratio = shares / shares.sum(0)
    ranks = [
        float(torch.sign(ratio[patch, places].mean() - ratio[patch, ~places]).mean() + 1) / 2
        for patch, places in enumerate(own)
    ]
    return margin, min(ranks)


def _shares(change: Tensor) -> Tensor | None:
    """Of all that each patch changes, the share at each place, above 0; None where a patch changes nothing."""
    shares = change.double() / change.double().sum((1, 2), keepdim=True)
    return shares + NOTHING * shares.amax() if bool(shares.isfinite().all()) else None
