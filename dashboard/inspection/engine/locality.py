"""Whether the places of a layer are the picture's: patches of the picture are changed, and it is seen where that shows.

Shapes only propose how an output may cover the picture. A proposal holds where each changed patch changes its own
place more than the other patches do. Nothing is supposed about the network: however far a place sees, and whatever
else moves everywhere, what differs from patch to patch does so where the patch is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

import numpy as np
import torch
from torch import Tensor

from dashboard.records.network import GridLayout, LayerCall

# Centres of the patches, in shares of height and width: two rows and two columns, so that either is told by itself.
# They are nearer to the top and to the left of their quarters, where coarse layers look that skip every other place.
PATCHES = ((0.12, 0.15), (0.12, 0.73), (0.7, 0.15), (0.7, 0.73))
# A patch's side, as a share of the picture's.
SIDE = 1 / 8
# How strong the noise is that each patch gets alike, in units of normalised inputs, and its seed.
NOISE, SEED = 0.5, 0
# By how much a patch changes its own place, and another its own, more than each the other's: the logarithm of the mean
# ratio, of the worst two patches. And the share of other places at which a patch counts less than at its own, compared
# with all patches, of the worst patch. Measured on two trained networks and on 40 families of timm with random weights:
# where places are the picture's, 0.7 and more and 0.78 and more; elsewhere at most 0.2 and 0.79; between them lie
# attention that mixes all alike and kernels as wide as the grid, which show a patch several places off.
MARGIN, RANK = 0.4, 0.7
# Of the four, so many patches change most near where they lie.
PEAKS = 3
# Where patches change a place by so little more or less than each other, as the mean size of the logarithm of the
# ratio, nothing tells whose place it is: unless the margin speaks against it.
CONTRAST, AGAINST = 0.6, -0.4
# In grids of fewer rows or columns a place covers so much that a stride moves patches from one to the next.
COARSE = 6
# Below this share of the largest change nothing has changed.
NOTHING = 1e-6
# How far a grid's aspect may be from the picture's: layers pad.
MISFIT = 0.15
# Class token, distillation token, registers: never more before the tokens of a grid that is only guessed, or of one
# that a layer has.
GUESSED_PREFIX, MOST_PREFIX = 5, 17
# How often tokens may have been put apart by two.
MOST_UNROLLED = 3


def disturbed(picture: Tensor) -> Tensor:
    """A picture and, behind it, the same with noise on one patch each: (1, C, H, W) -> (1 + patches, C, H, W)."""
    height, width = picture.shape[2:]
    rows, columns = (max(1, round(side * SIDE)) for side in (height, width))
    generator = torch.Generator().manual_seed(SEED)
    noise = NOISE * torch.randn((picture.shape[1], rows, columns), generator=generator).to(picture)
    pictures = picture.repeat(1 + len(PATCHES), 1, 1, 1)
    for changed, (down, across) in zip(pictures[1:], PATCHES, strict=True):
        top, left = _begin(down, rows, height), _begin(across, columns, width)
        changed[:, top : top + rows, left : left + columns] += noise
    return pictures


def _begin(centre: float, side: int, whole: int) -> int:
    return min(max(0, round(centre * whole - side / 2)), whole - side)


@cache
def own_places(height: int, width: int, more: int = 0) -> np.ndarray:
    """The places of a grid at which each patch is to show, (patches, h, w) bool; those of no two patches meet.

    Args:
        height: of the grid.
        width: of the grid.
        more: places beside those, on each side.
    """

    def touched(centre: float, count: int) -> np.ndarray:
        begin, end = ((centre + half) * count for half in (-SIDE / 2, SIDE / 2))
        places = np.arange(count)
        shown: np.ndarray = (places + 1 + more > begin) & (places - more < end)
        return shown

    return np.array([touched(down, height)[:, None] & touched(across, width) for down, across in PATCHES])


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
    found, known = [], frozenset(grids)
    for grid in known | _grids_of(shape[0], side):
        more = shape[0] - math.prod(grid)
        most = MOST_PREFIX if grid in known else GUESSED_PREFIX
        if not 0 <= more <= most or _misfit(grid, side) >= MISFIT:
            continue
        found += [
            (more, grid, times, replace(call, layout="tokens", prefix=more, grid=grid, unrolled=times))
            for times in range(MOST_UNROLLED + 1)
            if not (grid[0] % 2**times or grid[1] % 2**times)
        ]
    return [proposal for *_, proposal in sorted(found, key=lambda entry: entry[:3])]


def _grids_of(tokens: int, side: tuple[int, int]) -> set[tuple[int, int]]:
    """Grids of the picture's aspect that have so many places, or a few fewer."""
    return {
        (height, count // height)
        for count in range(max(4, tokens - GUESSED_PREFIX), tokens + 1)
        for least in [math.isqrt(round(count * side[0] / side[1]))]
        for height in (least, least + 1)
        if height and count % height == 0
    }


def _misfit(grid: tuple[int, int], side: tuple[int, int]) -> float:
    """How far a grid's aspect is from the picture's; infinite where it is no grid."""
    height, width = grid
    inside = 1 < height <= side[0] and 1 < width <= side[1]
    return abs(height / width * side[1] / side[0] - 1) if inside else math.inf


def is_local(change: np.ndarray) -> bool:
    """Whether the patches of `disturbed` show where they lie, given how much each place changed: (patches, h, w)."""
    margin, rank = evidence(change)
    return margin > MARGIN and rank > RANK and _peaks(change) >= PEAKS


def _peaks(change: np.ndarray) -> int:
    """How many patches change most, by themselves or compared with all of them, within a place of where they lie."""
    near = own_places(*change.shape[1:], more=1)
    highest = [
        values == values.max((1, 2), keepdims=True)
        for values in (change, change / (change.sum(0) + np.finfo(np.float32).tiny))
    ]
    return sum(any(bool((top[patch] & places).any()) for top in highest) for patch, places in enumerate(near))


def tells_nothing(change: np.ndarray) -> bool:
    """Whether nothing can be told of places, given how much each changed: (patches, h, w).

    So it is where the patches of `disturbed` are told apart nowhere, and where places are few and large.
    """
    shares = _shares(change)
    if shares is None or min(change.shape[1:]) < COARSE:
        return True
    contrast = float(np.abs(np.log(len(shares) * shares / shares.sum(0))).mean())
    return contrast < CONTRAST and evidence(change)[0] > AGAINST


def evidence(change: np.ndarray) -> tuple[float, float]:
    """What tells whether places are the picture's: margin and rank, see MARGIN.

    Args:
        change: (patches, h, w), how much each place changed by each patch, at least 0; any unit.
    """
    shares = _shares(change)
    if shares is None:
        return -math.inf, 0.0
    own = own_places(*change.shape[1:])
    logs = np.log([[share[places].mean() for places in own] for share in shares])  # (patch, place of a patch)
    ours = np.diag(logs)
    margins = (ours[:, None] + ours - logs - logs.T)[np.triu_indices(len(own), 1)] / 2
    ratio = shares / shares.sum(0)
    ranks = [
        float(np.sign(ratio[patch, places].mean() - ratio[patch, ~places]).mean() + 1) / 2
        for patch, places in enumerate(own)
    ]
    return float(margins.min()), min(ranks)


def _shares(change: np.ndarray) -> np.ndarray | None:
    """Of all that each patch changes, the share at each place, above 0; None where one changes nothing."""
    total = change.sum((1, 2), keepdims=True, dtype=np.float64)
    if not (np.isfinite(total).all() and total.all()):
        return None
    shares: np.ndarray = change / total
    shares += NOTHING * shares.max()
    return shares
