"""What layers put out during one pass: hooks on a private copy that hand each call's output to a reader.

Nothing is kept here. A reader makes its reduction, or its detached clone, while the hook runs, so that a pass never
holds more of a network than what is looked at, and what a later in-place function writes comes too late.
"""

from __future__ import annotations

import copy
import dataclasses
import math
from collections.abc import Callable, Iterable, MutableMapping
from functools import cache
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from dashboard.records.activations import ValueSpread
from dashboard.records.network import LayerCall
from models.outputs import walk

# Below this share of the squares, what is left of them without the mean's has lost its digits.
CANCELLED = 0.01
# Given a call and its output, with the pictures in the first axis; what it returns, if anything, takes its place.
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

    def after(self, layer: nn.Module, args: Any, output: Any) -> Any:
        self._count += 1
        call = self._numbered.get(self._count)
        return None if call is None else read_output(call, output, self._read)


def output_tensor(output: Any) -> tuple[str, Tensor] | None:
    """Which of the tensors that a module gives is the layer's output, with its place: the first of real numbers.

    That is what attention gives before its weights, a recurrent layer before its state, and of several resolutions the
    finest.
    """
    if isinstance(output, Tensor):
        return ("", output) if output.is_floating_point() else None
    return next(((place, tensor) for place, tensor in walk(output) if tensor.is_floating_point()), None)


def read_output(call: LayerCall, output: Any, read: Reader) -> Any:
    """Hand what a module gives in a call to a reader; what comes back, if anything, is to take the place of it all.

    Args:
        call: says which tensor it is, and which axis holds the pictures.
        output: of the module.
        read: given that tensor.
    """
    tensor = output if not call.member else dict(walk(output)).get(call.member)
    if not isinstance(tensor, Tensor):  # this time it gives something else
        return None
    axis = call.batch_axis
    replacement = read(call, tensor if axis == 0 else tensor.movedim(axis, 0))
    if replacement is None:
        return None
    return replace_tensor(output, tensor, replacement if axis == 0 else replacement.movedim(0, axis))


def replace_tensor(output: Any, tensor: Tensor, replacement: Tensor) -> Any:
    """The same output with another tensor in the place of one."""
    if output is tensor:
        return replacement
    if isinstance(output, tuple | list):
        items = [replace_tensor(item, tensor, replacement) for item in output]
        # A named tuple takes its fields one by one.
        return type(output)(*items) if hasattr(output, "_fields") else type(output)(items)
    if isinstance(output, MutableMapping):
        mapping = copy.copy(output)
        for key, item in output.items():
            mapping[key] = replace_tensor(item, tensor, replacement)
        return mapping
    if dataclasses.is_dataclass(output):
        changed: Any = copy.copy(output)
        for entry in dataclasses.fields(output):
            item = replace_tensor(getattr(output, entry.name), tensor, replacement)
            object.__setattr__(changed, entry.name, item)
        return changed
    if hasattr(output, "__dict__") and not isinstance(output, Tensor | type | nn.Module):
        changed = copy.copy(output)
        for name, item in vars(output).items():
            setattr(changed, name, replace_tensor(item, tensor, replacement))
        return changed
    return output


@cache
def token_order(grid: tuple[int, int], unrolled: int) -> Tensor:
    """Where the tokens stand that cover a grid row by row, (h * w,) int64, if tokens were put apart so many times.

    Each time rows and columns are put apart into even and odd ones, the odd behind the even, as timm's Hiera does to
    have its mask units together.
    """
    height, width = grid
    places = torch.arange(height * width).reshape(1, height, width)
    for _ in range(unrolled):
        count, height, width = places.shape
        places = places.reshape(count, height // 2, 2, width // 2, 2).permute(0, 2, 4, 1, 3)
        places = places.reshape(4 * count, height // 2, width // 2)
    return places.flatten().argsort()


def grid_maps(output: Tensor, call: LayerCall) -> Tensor:
    """An output over the picture, (N, ..., C) or (N, C, ...) -> (N, C, h, w); of a call that has a layout."""
    if call.layout == "channels first":
        return output
    if call.layout == "channels last":
        return output.permute(0, 3, 1, 2)
    height, width = call.grid
    tokens = output[:, call.prefix : call.prefix + height * width]
    rows = tokens[:, token_order(call.grid, call.unrolled)] if call.unrolled else tokens
    return rows.transpose(1, 2).reshape(len(output), -1, height, width)


def from_grid_maps(maps: Tensor, output: Tensor, call: LayerCall) -> Tensor:
    """What `grid_maps` has made of an output, (N, C, h, w), in that output's own shape; its other tokens stay."""
    if call.layout == "channels first":
        return maps
    if call.layout == "channels last":
        return maps.permute(0, 2, 3, 1)
    tokens = maps.flatten(2).transpose(1, 2)  # (N, h * w, C)
    if call.unrolled:
        tokens = tokens[:, token_order(call.grid, call.unrolled).argsort()]
    end = call.prefix + tokens.shape[1]
    return torch.cat([output[:, : call.prefix], tokens, output[:, end:]], dim=1)


def channel_maps(output: Tensor, call: LayerCall, pictures: int) -> Tensor:
    """An output channel by channel: (N, C, h, w), whatever the layer's own layout.

    Tokens are folded back to their grid, without the others. Where there is no grid over the picture, three
    axes are channels and two others, and of any other number the last axis is the channels.

    Args:
        output: (N, ...), or with parts of pictures stacked in the first axis, as windows of attention are.
        call: whose output it is.
        pictures: N.
    """
    if call.layout is not None:
        return grid_maps(output, call)
    if output.ndim == 4 and len(output) == pictures:
        return output
    if output.ndim == 2 and len(output) == pictures:
        return output[:, :, None, None]
    last = output.shape[-1] if output.ndim > 1 else 1
    return output.reshape(pictures, -1, last).transpose(1, 2)[:, :, None]  # (N, C, 1, places)


def channel_sums(values: Tensor, call: LayerCall, pictures: int) -> Tensor:
    """Values at an output added up over all places of each channel, tokens before the grid's included: (N, C)."""
    return values.sum(1) if call.layout == "tokens" else channel_maps(values, call, pictures).sum((2, 3))


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
