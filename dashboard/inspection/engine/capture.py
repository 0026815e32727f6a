"""What layers put out during one pass: hooks on a private copy that hand each call's output to a reader.

Nothing is kept here. A reader makes its reduction, or its detached clone, while the hook runs, so that a pass never
holds more of a network than what is looked at, and what a later in-place function writes comes too late.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from dashboard.records.activations import ValueSpread
from dashboard.records.network import LayerCall

# Below this share of the squares, what is left of them without the mean's has lost its digits.
CANCELLED = 0.01
# Given a call and its output, (N, ...); what it returns, if anything, takes the output's place.
Reader = Callable[[LayerCall, Tensor], Tensor | None]


def watch(network: nn.Module, calls: Iterable[LayerCall], read: Reader) -> None:
    """Hand the outputs of these calls to a reader, in every forward pass from now on.

    Args:
        network: private; the hooks stay.
        calls: of a survey of this network. The k-th call of a layer that is called repeatedly is told apart.
        read: called while the layer's hook runs.
    """
    wanted: dict[str, dict[int, LayerCall]] = {}
    for call in calls:
        name, _, number = call.name.partition("#")
        wanted.setdefault(name, {})[int(number or 1)] = call
    for name, numbered in wanted.items():
        hook = _Hook(numbered, read)
        network.register_forward_pre_hook(hook.restart)
        network.get_submodule(name).register_forward_hook(hook.after)


class _Hook:
    """Counts the calls of one layer during a pass, and hands on those that are wanted."""

    def __init__(self, numbered: dict[int, LayerCall], read: Reader) -> None:
        self._numbered = numbered
        self._read = read
        self._count = 0

    def restart(self, *_: object) -> None:
        self._count = 0

    def after(self, layer: nn.Module, args: Any, output: Any) -> Tensor | None:
        self._count += 1
        call = self._numbered.get(self._count)
        return None if call is None else self._read(call, output)


def channel_maps(output: Tensor, call: LayerCall, pictures: int) -> Tensor:
    """An output channel by channel: (N, C, h, w), whatever the layer's own layout.

    Tokens are folded back to their grid, without those before it. Where there is no grid over the picture, three
    axes are channels and two others, and of any other number the last axis is the channels.

    Args:
        output: (N, ...), or with parts of pictures stacked in the first axis, as windows of attention are.
        call: whose output it is.
        pictures: N.
    """
    if call.layout == "channels last":
        return output.permute(0, 3, 1, 2)
    if call.layout == "tokens":
        return output[:, call.prefix :].transpose(1, 2).reshape(pictures, -1, *call.grid)
    if call.layout == "channels first" or (output.ndim == 4 and len(output) == pictures):
        return output
    if output.ndim == 2 and len(output) == pictures:
        return output[:, :, None, None]
    return output.reshape(pictures, -1, output.shape[-1]).transpose(1, 2)[:, :, None]  # (N, C, 1, places)


def channel_sums(values: Tensor, call: LayerCall, pictures: int) -> Tensor:
    """Values at an output added up over all places of each channel, tokens before the grid's included: (N, C)."""
    if call.layout == "tokens":
        return values.sum(1)
    return channel_maps(values, call, pictures).sum((2, 3))


def spread(output: Tensor) -> ValueSpread:
    """How the values of one output, of any shape, are spread."""
    row = flatten(output.detach().float())
    low, high = torch.aminmax(row)
    mean, squares = mean_and_squares(row)
    count = row.numel()
    return ValueSpread(
        mean, math.sqrt(squares / count), float(low), float(high), 1 - count_nonzero(row) / count
    )


def mean_and_squares(values: Tensor) -> tuple[float, float]:
    """Mean and sum of squared differences from it, of float32 values of any shape; not finite where one is not.

    Two plain sums: torch's own variance takes a hundred times as long on a processor.
    """
    row = flatten(values)
    count = row.numel()
    mean = float(row.sum()) / count
    square = float(torch.dot(row, row))
    squares = square - count * mean**2
    if squares < CANCELLED * square or math.isinf(square):
        squares = float(torch.linalg.vector_norm(row - mean)) ** 2
    return mean, squares


def flatten(values: Tensor) -> Tensor:
    """All values in the order in which memory has them, where that takes no copy."""
    if values.ndim == 4 and values.is_contiguous(memory_format=torch.channels_last):
        values = values.permute(0, 2, 3, 1)
    return values.reshape(-1)


def count_nonzero(values: Tensor) -> int:
    """How many values are not zero; torch tells truths fast, and numpy counts them a hundred times as fast as torch."""
    return int(np.count_nonzero(values.bool().numpy()))
