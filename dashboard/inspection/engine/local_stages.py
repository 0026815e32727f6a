"""Where a network may go on with a part of a grid, and which part it needs."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from dashboard.inspection.engine.dataflow import DataflowTracer, ModuleCall, Step
from dashboard.inspection.engine.isolation import isolate


@dataclass(frozen=True)
class Axis:
    """A grid along one axis: place i reads the pixels from `low + i * jump` to `high + i * jump`.

    Intervals are arrays (..., 2): the first place, and the one behind the last.

    Attributes:
        size: number of places.
    """

    size: int
    jump: int = 1
    low: int = 0
    high: int = 0

    def places_reading(self, pixels: np.ndarray) -> np.ndarray:
        """The places that read any pixel of these intervals; one at least."""
        first = -((self.high - pixels[..., 0]) // self.jump)
        end = (pixels[..., 1] - 1 - self.low) // self.jump + 1
        first = first.clip(0, self.size - 1)
        return np.stack([first, end.clip(first + 1, self.size)], axis=-1)

    def places_read_by(self, later: Axis, places: np.ndarray) -> np.ndarray:
        """The places here that these places of a later grid read, and a few more.

        Strides and padding fall on such a part as they do on the whole: it begins at a multiple of the strides
        between the grids, and misses a multiple of them at the end.
        """
        stride = self.stride(later)
        first = (places[..., 0] * later.jump + later.low - self.low) // self.jump
        last = -((self.high - later.high - (places[..., 1] - 1) * later.jump) // self.jump)
        first = first.clip(0, self.size - 1) // stride * stride
        end = self.size - (self.size - 1 - last).clip(0) // stride * stride
        return np.stack([first, end], axis=-1)

    def size_at(self, later: Axis, size: int) -> int:
        """How many places of a later grid a part of so many places gives."""
        return later.size - (self.size - size) // self.stride(later)

    def stride(self, later: Axis) -> int:
        """Places here between two of a later grid."""
        return later.jump // self.jump


Grid = tuple[Axis, Axis]


@dataclass(frozen=True)
class LocalStage:
    """An output that all of the computation passes through.

    Attributes:
        layer: qualified name of the module that gives it.
        number: which call of the module, from 1.
        numel: numbers in it, for one picture.
        grid: down and across.
    """

    layer: str
    number: int
    numel: int
    grid: Grid


def local_stages(module: nn.Module, inputs: Tensor) -> tuple[LocalStage, ...]:
    """The stages of a network, in order: one for each reach of the receptive field, where the fewest numbers pass.

    Args:
        module: not changed.
        inputs: (1, C, H, W), normalised.
    """
    run = DataflowTracer(isolate(module))
    # An input that wants a gradient keeps a whole encoder layer off its fused path, as it does for a Survey.
    with torch.enable_grad():
        run.run(inputs.detach().clone().requires_grad_())
    narrow = _bottlenecks(run.steps)
    calls: Counter[str] = Counter()
    stages: dict[Grid, LocalStage] = {}
    for call in run.finished:
        calls[call.name] += 1
        grid = _grid(call)
        if grid is None or not {step.representative() for step in call.output_steps} <= narrow:
            continue
        stage = LocalStage(call.name, calls[call.name], math.prod(call.shape), grid)
        if grid not in stages or stage.numel < stages[grid].numel:
            stages[grid] = stage
    return _drop_superfluous(list(stages.values()))


def _drop_superfluous(stages: Sequence[LocalStage]) -> tuple[LocalStage, ...]:
    """Without stages that one soon behind them makes superfluous, because it passes at most half as many numbers."""
    return tuple(
        stage
        for stage, later in itertools.zip_longest(stages, stages[1:])
        if later is None or 2 * later.numel > stage.numel
    )


def _bottlenecks(steps: Sequence[Step]) -> set[Step]:
    """Steps that no data goes around."""
    visible = [step for step in steps if step.merged is None]
    places = {step: place for place, step in enumerate(visible)}
    readers = [0] * len(visible)  # the last step that reads each
    for step in visible:
        for source in step.sources:
            readers[places[source.representative()]] = places[step]
    furthest, bottlenecks = 0, set()
    for place, step in enumerate(visible):
        if furthest <= place:
            bottlenecks.add(step)
        furthest = max(furthest, readers[place])
    return bottlenecks


def _grid(call: ModuleCall) -> Grid | None:
    """The grid of a call's one output (N, C, H, W); None where it has none, or where it is the network itself."""
    reach = call.field
    if (
        reach is None
        or call.parent is None
        or len(call.output_steps) != 1
        or reach.axes != (2, 3)
        or len(call.shape) != 3
    ):
        return None
    down, across = (
        Axis(call.shape[1 + axis], reach.jump[axis], reach.low[axis], reach.high[axis]) for axis in (0, 1)
    )
    return down, across
