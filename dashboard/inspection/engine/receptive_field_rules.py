"""Receptive fields, carried along from function to function as the data really flows.

A tensor's field says which pixels one place of its grid reads. A rule per function says what becomes of it; a
function without a rule, or one that mixes all places (dense layers, attention, a gate after global pooling), ends it.

This is the size that the field quotes, of every call at once, beyond the picture's edges too, and costs nothing beside
the pass that is followed anyway. `activations/measured_receptive_field.py` measures instead what a place of one layer
truly sees of a picture, whatever the network is made of: pictures are cut to that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from torch import Tensor

Pair = tuple[int, int]


@dataclass(frozen=True)
class AnalyticField:
    """What a place (i, j) of a tensor's grid reads: pixels `low + (i, j) * jump` up to `high + (i, j) * jump`.

    Attributes:
        axes: which axes of the tensor are the grid's height and width.
        jump: pixels between two neighbours of the grid, down and to the right.
        low: first pixel that the grid's first place reads; below 0 where it reads padding.
        high: last pixel that it reads.
    """

    axes: Pair
    jump: Pair = (1, 1)
    low: Pair = (0, 0)
    high: Pair = (0, 0)

    @property
    def size(self) -> Pair:
        """Height and width in pixels, as if the picture had no edges."""
        return self.high[0] - self.low[0] + 1, self.high[1] - self.low[1] + 1

    def after_windows(self, reach: Pair, stride: Pair, start: Pair) -> AnalyticField:
        """The field behind windows over the grid.

        Args:
            reach: places from a window's first to its last, down and to the right.
            stride: places between two windows.
            start: where the first window begins; below 0 where it begins in the padding.
        """
        low = tuple(self.low[axis] + start[axis] * self.jump[axis] for axis in (0, 1))
        high = tuple(self.high[axis] + (start[axis] + reach[axis]) * self.jump[axis] for axis in (0, 1))
        jump = tuple(self.jump[axis] * stride[axis] for axis in (0, 1))
        return replace(self, jump=jump, low=low, high=high)  # type: ignore[arg-type]  # pairs


@dataclass(frozen=True, eq=False)
class AppliedFunction:
    """A function applied to tensors, some of which come from the picture.

    Attributes:
        args: its positional arguments.
        kwargs: its named arguments.
        output: the tensor it gave.
        read: tensors it read that come from the picture, each with its field or None.
    """

    args: Sequence[Any]
    kwargs: Mapping[str, Any]
    output: Tensor
    read: Sequence[tuple[Tensor, AnalyticField | None]]

    def argument(self, place: int, name: str, default: Any = None) -> Any:
        """An argument by its place or its name."""
        return self.args[place] if place < len(self.args) else self.kwargs.get(name, default)

    @property
    def input(self) -> Tensor:
        """The tensor that it reads first."""
        return self.read[0][0]


def advance(name: str, applied: AppliedFunction) -> AnalyticField | None:
    """The field of what a function of that name gave; None where it has none or no rule is known."""
    rule = RULES.get(name.strip("_"))
    fields = [field for _, field in applied.read]
    if rule is None or not fields or None in fields:
        return None
    return rule(applied, fields[0])  # type: ignore[arg-type]  # none is None


Rule = Callable[[AppliedFunction, AnalyticField], AnalyticField | None]


def _pair(value: Any) -> Pair:
    if isinstance(value, int):
        return value, value
    numbers = tuple(int(number) for number in value)
    return (numbers[0], numbers[0]) if len(numbers) == 1 else (numbers[0], numbers[1])


def _after_windows(
    field: AnalyticField, kernel: Pair, stride: Pair, padding: Pair, dilation: Pair
) -> AnalyticField:
    reach = (dilation[0] * (kernel[0] - 1), dilation[1] * (kernel[1] - 1))
    return field.after_windows(reach, stride, (-padding[0], -padding[1]))


def _is_image(applied: AppliedFunction, field: AnalyticField) -> bool:
    """Whether the grid is where convolutions and pools look for it."""
    return field.axes == (applied.input.ndim - 2, applied.input.ndim - 1)


def _convolution(applied: AppliedFunction, field: AnalyticField) -> AnalyticField | None:
    weight = applied.argument(1, "weight")
    if not _is_image(applied, field) or weight.ndim != 4:
        return None
    kernel = _pair(weight.shape[-2:])
    dilation = _pair(applied.argument(5, "dilation", 1))
    padding = applied.argument(4, "padding", 0)
    named = {"valid": 0, "same": tuple(dilation[axis] * (kernel[axis] - 1) // 2 for axis in (0, 1))}
    around = _pair(named[padding] if isinstance(padding, str) else padding)
    return _after_windows(field, kernel, _pair(applied.argument(3, "stride", 1)), around, dilation)


def _pool(applied: AppliedFunction, field: AnalyticField, dilation: Pair = (1, 1)) -> AnalyticField | None:
    kernel = _pair(applied.argument(1, "kernel_size"))
    stride = _pair(applied.argument(2, "stride") or kernel)
    padding = _pair(applied.argument(3, "padding", 0))
    return _after_windows(field, kernel, stride, padding, dilation) if _is_image(applied, field) else None


def _adaptive_pool(applied: AppliedFunction, field: AnalyticField) -> AnalyticField | None:
    sides, grid = applied.input.shape[-2:], applied.output.shape[-2:]
    # Windows of different sizes have no one field.
    if not _is_image(applied, field) or any(side % cells for side, cells in zip(sides, grid, strict=True)):
        return None
    kernel = (sides[0] // grid[0], sides[1] // grid[1])
    return _after_windows(field, kernel, kernel, (0, 0), (1, 1))


def _mean(applied: AppliedFunction, field: AnalyticField) -> AnalyticField | None:
    """A mean over the grid is one window as large as the grid, where the grid stays."""
    axes = {axis % applied.input.ndim for axis in _axes(applied.argument(1, "dim"))}
    if not axes.intersection(field.axes):
        return field if applied.output.ndim == applied.input.ndim else None
    if applied.output.ndim != applied.input.ndim or not axes.issuperset(field.axes):
        return None
    sides = (applied.input.shape[field.axes[0]], applied.input.shape[field.axes[1]])
    return _after_windows(field, sides, (1, 1), (0, 0), (1, 1))


def _axes(value: Any) -> tuple[int, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, int) else tuple(value)


def _pad(applied: AppliedFunction, field: AnalyticField) -> AnalyticField | None:
    added = list(applied.argument(1, "pad"))
    ndim = applied.input.ndim
    before = {ndim - 1 - place: added[2 * place] for place in range(len(added) // 2)}
    start = (-before.get(field.axes[0], 0), -before.get(field.axes[1], 0))
    return field.after_windows((0, 0), (1, 1), start)


def _pointwise(applied: AppliedFunction, field: AnalyticField) -> AnalyticField | None:
    """Every place by itself; of several tensors the same place, and pixels that any of them reads."""
    inputs = [(tensor, _from_end(tensor, read), read) for tensor, read in applied.read if read is not None]
    grids = {tuple(tensor.shape[axis] for axis in axes) for tensor, axes, _ in inputs}
    union = _union([replace(read, axes=axes) for _, axes, read in inputs]) if len(grids) == 1 else None
    if union is None:
        return None
    ndim = applied.output.ndim
    axes = (union.axes[0] + ndim, union.axes[1] + ndim)
    if tuple(applied.output.shape[axis] for axis in axes) not in grids:
        return None
    return replace(union, axes=axes)


def _from_end(tensor: Tensor, field: AnalyticField) -> Pair:
    """Axes counted from the last, as broadcasting does."""
    return field.axes[0] - tensor.ndim, field.axes[1] - tensor.ndim


def _union(fields: Sequence[AnalyticField]) -> AnalyticField | None:
    """The field that covers several over one grid; None where their grids differ."""
    first = fields[0]
    if any((field.axes, field.jump) != (first.axes, first.jump) for field in fields):
        return None
    low = (min(field.low[0] for field in fields), min(field.low[1] for field in fields))
    high = (max(field.high[0] for field in fields), max(field.high[1] for field in fields))
    return replace(first, low=low, high=high)


def _concatenation(applied: AppliedFunction, field: AnalyticField) -> AnalyticField | None:
    axis = applied.argument(1, "dim", 0) % applied.output.ndim
    return None if axis in field.axes else _union([read for _, read in applied.read if read is not None])


def _along(place: int, default: int | None = None) -> Rule:
    """A function along one axis, which leaves the grid alone unless that is the axis."""

    def rule(applied: AppliedFunction, field: AnalyticField) -> AnalyticField | None:
        axis = applied.argument(place, "dim", default)
        kept = axis is not None and axis % applied.input.ndim not in field.axes
        return field if kept and applied.output.ndim == applied.input.ndim else None

    return rule


def _linear(applied: AppliedFunction, field: AnalyticField) -> AnalyticField | None:
    return None if applied.input.ndim - 1 in field.axes else field


def _layer_norm(applied: AppliedFunction, field: AnalyticField) -> AnalyticField | None:
    covered = applied.input.ndim - len(applied.argument(1, "normalized_shape"))
    return field if max(field.axes) < covered else None


def _permutation(applied: AppliedFunction, field: AnalyticField) -> AnalyticField | None:
    order = applied.argument(1, "dims")
    order = applied.args[1:] if isinstance(order, int) else order
    places = [axis % applied.input.ndim for axis in order]
    return replace(field, axes=(places.index(field.axes[0]), places.index(field.axes[1])))


def _transposition(applied: AppliedFunction, field: AnalyticField) -> AnalyticField | None:
    ndim = applied.input.ndim
    first, second = applied.argument(1, "dim0") % ndim, applied.argument(2, "dim1") % ndim
    swapped = {first: second, second: first}
    return replace(
        field, axes=(swapped.get(field.axes[0], field.axes[0]), swapped.get(field.axes[1], field.axes[1]))
    )


def _reshape(applied: AppliedFunction, field: AnalyticField) -> AnalyticField | None:
    """The grid stays where it is last and keeps its sides."""
    if not _is_image(applied, field) or applied.output.ndim < 2:
        return None
    kept = applied.output.shape[-2:] == applied.input.shape[-2:]
    return replace(field, axes=(applied.output.ndim - 2, applied.output.ndim - 1)) if kept else None


def _index(applied: AppliedFunction, field: AnalyticField) -> AnalyticField | None:
    """Slices that leave the grid whole."""
    key = applied.argument(1, "key")
    slices = key if isinstance(key, tuple) else (key,)
    sides = [applied.input.shape[axis] for axis in field.axes]
    same = applied.output.ndim == applied.input.ndim and sides == [
        applied.output.shape[axis] for axis in field.axes
    ]
    return field if same and all(isinstance(index, slice) or index is Ellipsis for index in slices) else None


def _same(applied: AppliedFunction, field: AnalyticField) -> AnalyticField | None:
    return field if applied.output.shape == applied.input.shape else None


_SAME = (
    *("relu", "relu6", "hardtanh", "leaky_relu", "prelu", "elu", "selu", "celu", "gelu", "silu", "mish"),
    *(
        "softplus",
        "logsigmoid",
        "hardswish",
        "hardsigmoid",
        "sigmoid",
        "tanh",
        "threshold",
        "clamp",
        "dropout",
    ),
    *(
        "feature_dropout",
        "dropout1d",
        "dropout2d",
        "batch_norm",
        "contiguous",
        "clone",
        "detach",
        "to",
        "float",
    ),
    *("type_as", "view_as", "neg", "exp", "abs", "sqrt", "square", "local_response_norm", "requires_grad"),
)
_POINTWISE = ("add", "iadd", "radd", "sub", "isub", "rsub", "mul", "imul", "rmul", "div", "idiv", "truediv")
RULES: dict[str, Rule] = {
    **dict.fromkeys(_SAME, _same),
    **dict.fromkeys(_POINTWISE, _pointwise),
    **dict.fromkeys(("conv2d", "convolution"), _convolution),
    **dict.fromkeys(
        ("max_pool2d", "max_pool2d_with_indices"),
        lambda applied, field: _pool(applied, field, _pair(applied.argument(4, "dilation", 1))),
    ),
    "avg_pool2d": _pool,
    **dict.fromkeys(("adaptive_avg_pool2d", "adaptive_max_pool2d"), _adaptive_pool),
    "mean": _mean,
    "pad": _pad,
    **dict.fromkeys(("cat", "concat", "concatenate"), _concatenation),
    **dict.fromkeys(("softmax", "log_softmax"), _along(1)),
    **dict.fromkeys(("chunk", "split"), _along(2, 0)),
    "linear": _linear,
    "layer_norm": _layer_norm,
    "permute": _permutation,
    **dict.fromkeys(("transpose", "swapaxes"), _transposition),
    **dict.fromkeys(("view", "reshape"), _reshape),
    "getitem": _index,
}


def start(inputs: Tensor) -> AnalyticField:
    """The field of the picture itself, (N, C, H, W): every pixel reads itself."""
    return AnalyticField((inputs.ndim - 2, inputs.ndim - 1))
