"""A network that answers pictures near one picture by what changed alone.

A network of convolutions and pools carries a change no further than its receptive fields reach. So its first layers
are run on a part around the change, what they give is put into what they gave for the whole picture, and so on from
stage to stage with larger parts, until the change has reached nearly everywhere: the rest is run as usual. The answers
are those of whole passes, to rounding. After Nakandala, Kumar and Papakonstantinou 2019, Incremental and Approximate
Inference for Faster Occlusion-based Deep CNN Explanations, https://doi.org/10.1145/3299869.3319874.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from dashboard.inspection.engine.local_stages import Axis, Grid, LocalStage

# A larger part of a grid costs about as much as the whole.
LARGEST = 0.7


class MisfitError(RuntimeError):
    """A layer gives another grid for a part of its input than for the whole."""


@dataclass(frozen=True, eq=False)
class Level:
    """The part of a grid that is run, for each picture of a batch.

    Attributes:
        changed: (N, 2, 2), places that differ from the one picture's, down and across, as intervals.
        begin: (N, 2), where the part begins.
        size: of the part, the same for all.
    """

    changed: np.ndarray
    begin: np.ndarray
    size: tuple[int, int]

    def parts(self) -> Iterator[tuple[slice, slice]]:
        """The part of each picture, down and across."""
        for top, left in self.begin.tolist():
            yield slice(top, top + self.size[0]), slice(left, left + self.size[1])


def plan(changed: np.ndarray, grids: Sequence[Grid]) -> list[Level]:
    """The levels of a pass, the last of which is a whole grid; the only one where whole pictures are best.

    Args:
        changed: (N, 2, 2), pixels that differ, down and across, as intervals.
        grids: of the pictures, then of each stage.
    """
    levels: list[Level] = []
    for grid, later in itertools.pairwise(grids):
        reached = np.stack([later[axis].places_reading(changed[:, axis]) for axis in (0, 1)], axis=1)
        read = np.stack([grid[axis].places_read_by(later[axis], reached[:, axis]) for axis in (0, 1)], axis=1)
        height, width = (int(side) for side in (read[..., 1] - read[..., 0]).max(0))
        if height * width > LARGEST * math.prod(axis.size for axis in grid):
            break
        latest = [grid[0].size - height, grid[1].size - width]
        levels.append(
            Level(_reached_places(grid, changed), np.minimum(read[..., 0], latest), (height, width))
        )
    last = grids[len(levels)]
    begin = np.zeros((len(changed), 2), dtype=int)
    return [*levels, Level(_reached_places(last, changed), begin, (last[0].size, last[1].size))]


def _reached_places(grid: Grid, pixels: np.ndarray) -> np.ndarray:
    return np.stack([grid[axis].places_reading(pixels[:, axis]) for axis in (0, 1)], axis=1)


def changed_regions(pictures: Tensor, picture: Tensor) -> np.ndarray:
    """Where each of (N, C, H, W) differs from (1, C, H, W): (N, 2, 2), intervals down and across; a pixel at least."""
    differs = (pictures != picture).any(1)  # (N, H, W)
    intervals = []
    for other in (2, 1):
        along = differs.any(other).numpy()  # (N, side)
        first = along.argmax(1)
        end = np.where(along.any(1), along.shape[1] - along[:, ::-1].argmax(1), first + 1)
        intervals.append(np.stack([first, end], axis=-1))
    return np.stack(intervals, axis=1)


class LocalForward(nn.Module):
    """The logits of pictures that differ from one picture in places: (N, C, H, W) -> (N, classes), without a gradient.

    Args:
        network: private; it is hooked.
        picture: (1, C, H, W), normalised.
        stages: of the network, for pictures of that size.
    """

    def __init__(self, network: nn.Module, picture: Tensor, stages: Sequence[LocalStage]) -> None:
        super().__init__()
        self.network = network
        self._picture = picture
        self._stages = stages
        self._grids: list[Grid] = [(Axis(picture.shape[2]), Axis(picture.shape[3]))]
        self._grids += [stage.grid for stage in stages]
        self._levels: list[Level] = []
        self._whole: list[Tensor] = []  # of each stage, for the picture
        self._calls = [0] * len(stages)
        self._prepare()
        with torch.no_grad():
            self._run(picture, [])

    def _prepare(self) -> None:
        """Have each stage of the network handed on by `_widen`."""
        for place, stage in enumerate(self._stages):
            self.network.get_submodule(stage.layer).register_forward_hook(partial(self._widen, place))

    def forward(self, pictures: Tensor) -> Tensor:  # noqa: D102  # said by the class
        levels = plan(changed_regions(pictures, self._picture), self._grids)
        if len(levels) == 1:
            return self._run(pictures, [])
        parts = [
            picture[:, down, across]
            for picture, (down, across) in zip(pictures, levels[0].parts(), strict=True)
        ]
        try:
            return self._run(torch.stack(parts), levels)
        except MisfitError:
            return self._run(pictures, [])

    def _run(self, inputs: Tensor, levels: list[Level]) -> Tensor:
        self._levels, self._calls = levels, [0] * len(self._stages)
        logits: Tensor = self.network(inputs)
        return logits

    def _widen(self, place: int, layer: nn.Module, args: Any, output: Tensor) -> Tensor | None:
        """As a forward hook of a stage."""
        self._calls[place] += 1
        return self._pass_on(place, output) if self._calls[place] == self._stages[place].number else None

    def _pass_on(self, place: int, output: Tensor) -> Tensor:
        """Of what a stage gives, the part that the next one needs; all of it where whole grids are run."""
        if len(self._whole) == place:
            self._whole.append(output.clone())  # what follows may write in place
        if place + 1 >= len(self._levels):
            return output
        before, level = self._levels[place], self._levels[place + 1]
        grid, later = self._grids[place], self._grids[place + 1]
        if tuple(output.shape[2:]) != tuple(
            grid[axis].size_at(later[axis], before.size[axis]) for axis in (0, 1)
        ):
            raise MisfitError
        strides = [grid[axis].stride(later[axis]) for axis in (0, 1)]
        return _paste(self._whole[place], output, before.begin // strides, level)


def _paste(whole: Tensor, output: Tensor, begin: np.ndarray, level: Level) -> Tensor:
    """The parts of a level, of the whole grid of the picture with what changed put in.

    Args:
        whole: (1, C, H, W).
        output: (N, C, h, w), right where something changed.
        begin: (N, 2), the place on the whole grid of its first.
        level: says which parts, and what changed.
    """
    last = output.is_contiguous(memory_format=torch.channels_last)
    pasted = torch.empty(
        (len(output), whole.shape[1], *level.size),
        dtype=output.dtype,
        memory_format=torch.channels_last if last else torch.contiguous_format,
    )
    for row, (down, across) in enumerate(level.parts()):
        pasted[row] = whole[0, :, down, across]
        (top, bottom), (left, right) = level.changed[row].tolist()
        top, bottom = max(top, down.start), min(bottom, down.stop)
        left, right = max(left, across.start), min(right, across.stop)
        y, x = begin[row].tolist()
        pasted[row, :, top - down.start : bottom - down.start, left - across.start : right - across.start] = (
            output[row, :, top - y : bottom - y, left - x : right - x]
        )
    return pasted
