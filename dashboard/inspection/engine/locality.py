"""Whether the places of a layer are the picture's: patches of the picture are changed, and it is seen where that shows.

Shapes only propose how an output may cover the picture. A proposal holds where the patches that are changed in one
picture change their own places more than those of another picture do. Nothing is supposed about the network: however
far a place sees, and whatever else moves everywhere, what differs from picture to picture does so where patches are.
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

# Centres of the patches of each picture, in shares of height and width. Two rows and two columns, either with a patch
# of each picture, so that rows alone tell nothing and columns neither; none is another where they are read backwards,
# or one for the other.
PATCHES = (((0.12, 0.38), (0.62, 0.88)), ((0.12, 0.88), (0.62, 0.38)))
# A patch's side, as a share of the picture's.
SIDE = 1 / 8
# How strong the noise is that each patch gets alike, in units of normalised inputs, and its seed.
NOISE, SEED = 0.5, 0
# Of so many rows and columns those beside a patch are no other patch's.
ROOMY = 8
# By how much each picture changes a place of its own, and the other its own, more than crosswise: the logarithm of the
# mean ratio, of the worst two places. And the share of other places at which a picture counts less than at its own,
# compared with both, of the worst place. Measured on two trained networks and on 40 families of timm with random
# weights: where places are the picture's they are at least 0.14 and 0.61, but where attention mixes all alike;
# elsewhere the first is at most 0.1.
MARGIN, RANK = 0.12, 0.55
# Where one picture changes a place by so little more or less than the other, as the mean size of the logarithm of the
# ratio, nothing tells whose place it is. Measured likewise: at most 0.5 behind convolutions that see all.
CONTRAST = 0.6
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
    """A picture and, behind it, the same with noise on each set of patches: (1, C, H, W) -> (1 + sets, C, H, W)."""
    height, width = picture.shape[2:]
    rows, columns = (max(1, round(side * SIDE)) for side in (height, width))
    generator = torch.Generator().manual_seed(SEED)
    noise = NOISE * torch.randn((picture.shape[1], rows, columns), generator=generator).to(picture)
    pictures = picture.repeat(1 + len(PATCHES), 1, 1, 1)
    for changed, patches in zip(pictures[1:], PATCHES, strict=True):
        for down, across in patches:
            top, left = _begin(down, rows, height), _begin(across, columns, width)
            changed[:, top : top + rows, left : left + columns] += noise
    return pictures


def _begin(centre: float, side: int, whole: int) -> int:
    return min(max(0, round(centre * whole - side / 2)), whole - side)


@cache
def own_places(height: int, width: int, more: int = 0) -> np.ndarray:
    """The places of a grid at which each patch is to show, (sets, patches, h, w) bool; those of no two meet.

    Args:
        height: of the grid.
        width: of the grid.
        more: places on each side.
    """

    def touched(centre: float, count: int) -> np.ndarray:
        begin, end = ((centre + half) * count for half in (-SIDE / 2, SIDE / 2))
        places = np.arange(count)
        shown: np.ndarray = (places + 1 + more > begin) & (places - more < end)
        return shown

    return np.array(
        [
            [touched(down, height)[:, None] & touched(across, width) for down, across in patches]
            for patches in PATCHES
        ]
    )


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
    """Whether the patches of `disturbed` show where they lie, given how much each place changed: (sets, h, w)."""
    margin, rank = evidence(change)
    return margin > MARGIN and rank > RANK


def tells_nothing(change: np.ndarray) -> bool:
    """Whether the pictures of `disturbed` are told apart nowhere, given how much each place changed: (sets, h, w)."""
    shares = _shares(change)
    return shares is None or bool(np.abs(np.log(len(shares) * shares / shares.sum(0))).mean() < CONTRAST)


def evidence(change: np.ndarray) -> tuple[float, float]:
    """What tells whether places are the picture's: margin and rank, see MARGIN.

    Args:
        change: (sets, h, w), how much each place changed by each set of patches, at least 0; any unit.
    """
    shares = _shares(change)
    if shares is None:
        return -math.inf, 0.0
    own = own_places(*change.shape[1:])
    if min(change.shape[1:]) >= ROOMY and not all(
        change[:, place].any() for place in own.reshape(-1, *own.shape[2:])
    ):
        # A place where nothing changes is off, and the next one need not be.
        own = own_places(*change.shape[1:], more=1)
    # (set, place) for the places of the patches of either set
    ours, theirs = (np.log([[share[place].mean() for place in places] for share in shares]) for places in own)
    margins = (ours[0] - ours[1])[:, None] + (theirs[1] - theirs[0])
    ranks = []
    for shown, places in zip(shares / shares.sum(0), own, strict=True):
        others = shown[~places.any(0)]
        ranks += [float(np.sign(shown[place].mean() - others).mean() + 1) / 2 for place in places]
    return float(margins.min()) / 2, min(ranks)


def _shares(change: np.ndarray) -> np.ndarray | None:
    """Of all that each picture changes, the share at each place, above 0; None where one changes nothing."""
    total = change.sum((1, 2), keepdims=True, dtype=np.float64)
    if not (np.isfinite(total).all() and total.all()):
        return None
    shares: np.ndarray = change / total
    shares += NOTHING * shares.max()
    return shares
