"""The table of operators that become modules of torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from models.checkpoints.keras.modules import Add, Divide, Maximum, Minimum, Multiply, Subtract
from models.checkpoints.onnx.sizes import Shape

Array = np.ndarray[Any, Any]


# Where a product has the bias that is added behind it, once both are one.
BIAS = 2


class UntranslatedError(Exception):
    """Why a node has no module, as a clause."""


@dataclass(frozen=True)
class Given:
    """What a node is given.

    Attributes:
        operator: of the node.
        settings: what it says of itself.
        shapes: of its inputs, of one picture more or less; empty where it has none in a place.
        constants: of its inputs, those that are known; None in the place of others. Of whole numbers that differ with
            the number of pictures, -1 stands in their place.
        gives: shape of its output.
        version: of the operators.
        named: whether there is an input, in each place.
        counts: axes of the first input that hang on the number of pictures.
        free: axes of the output that do.
    """

    operator: str
    settings: Mapping[str, Any]
    shapes: tuple[Shape, ...]
    constants: tuple[Array | None, ...]
    gives: Shape
    version: int
    named: tuple[bool, ...]
    counts: frozenset[int]
    free: frozenset[int]

    def constant(self, place: int) -> Array | None:
        """The constant in a place; None where there is no input.

        Raises:
            UntranslatedError: if the input there is none.
        """
        if place >= len(self.shapes) or not self.named[place]:
            return None
        constant = self.constants[place]
        if constant is None:
            raise UntranslatedError(f"{self.operator} reads what should be constant")
        return constant

    def whole(self, place: int, name: str = "") -> list[int] | None:
        """Whole numbers of an input in newer files and of an attribute in older ones; None where there are none."""
        constant = self.constant(place)
        if constant is not None:
            return [int(number) for number in constant.ravel()]
        value = self.settings.get(name) if name else None
        return [value] if isinstance(value, int) else None if value is None else list(value)

    def only(self, **usual: Any) -> None:
        """Raise UntranslatedError where a setting is another than the one that is read."""
        for name, value in usual.items():
            found = self.settings.get(name, value)
            if found != value:
                raise UntranslatedError(f"{self.operator} has {name}={found}")


@dataclass(frozen=True)
class Made:
    """A module, and what it holds.

    Attributes:
        module: with weights of the right shape.
        reads: places of the node's inputs that it is called with.
        tensors: name in the module -> the numbers.
    """

    module: nn.Module
    reads: tuple[int, ...] = (0,)
    tensors: Mapping[str, Array] | None = None


class Pad(nn.Module):
    """Padding, by axis and side as torch counts them."""

    def __init__(self, sides: Sequence[int], mode: str = "constant", value: float = 0.0) -> None:
        super().__init__()
        self.sides, self.mode, self.value = list(sides), mode, value

    def forward(self, inputs: Tensor) -> Tensor:
        """As its class says."""
        if self.mode == "constant":
            return functional.pad(inputs, self.sides, value=self.value)
        return functional.pad(inputs, self.sides, mode=self.mode)


class Function(nn.Module):
    """One function of torch, with settings that do not change."""

    def __init__(self, name: str, function: Callable[..., Tensor]) -> None:
        super().__init__()
        self.name, self.function = name, function

    def __deepcopy__(self, memo: dict[int, object]) -> Function:
        return Function(self.name, self.function)

    def extra_repr(self) -> str:
        """Its name."""
        return self.name

    def forward(self, *inputs: Tensor) -> Tensor:
        """As its class says."""
        return self.function(*inputs)


class Held(nn.Module):
    """One operation with a tensor that was learnt."""

    def __init__(self, operation: nn.Module, shape: Shape, *, first: bool, learnt: bool) -> None:
        super().__init__()
        self.operation, self.first = operation, first
        if learnt:
            self.weight = nn.Parameter(torch.zeros(shape))
        else:
            self.register_buffer("weight", torch.zeros(shape))

    def forward(self, inputs: Tensor) -> Tensor:
        """As its class says."""
        output: Tensor = self.operation(*((self.weight, inputs) if self.first else (inputs, self.weight)))
        return output


class MatrixProduct(nn.Module):
    """The product of two matrices, at each place."""

    def forward(self, one: Tensor, other: Tensor) -> Tensor:
        """As its class says."""
        return torch.matmul(one, other)


class Power(nn.Module):
    """The first input to the power of the second."""

    def forward(self, one: Tensor, other: Tensor) -> Tensor:
        """As its class says."""
        return torch.pow(one, other)


class Start(nn.Module):
    """A tensor that was learnt and that goes in beside the picture, once for each picture."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(shape))

    def forward(self, inputs: Tensor) -> Tensor:
        """(N, ...) -> (N, ...)."""
        return self.weight.expand(len(inputs), *self.weight.shape[1:])


def _sequential(*layers: nn.Module | None) -> nn.Module:
    present = [layer for layer in layers if layer is not None]
    return present[0] if len(present) == 1 else nn.Sequential(*present)


def _sides(given: Given, kernel: Sequence[int], sizes: Sequence[int]) -> tuple[list[int], list[int]]:
    """Padding before and after each axis, worked out where the node says how instead of how much."""
    count = len(kernel)
    strides = given.settings.get("strides", [1] * count)
    dilations = given.settings.get("dilations", [1] * count)
    how = given.settings.get("auto_pad", "NOTSET")
    if how in ("SAME_UPPER", "SAME_LOWER"):
        totals = [
            max((-(-size // stride) - 1) * stride + (edge - 1) * dilation + 1 - size, 0)
            for size, stride, edge, dilation in zip(sizes, strides, kernel, dilations, strict=True)
        ]
        small, large = [total // 2 for total in totals], [total - total // 2 for total in totals]
        return (small, large) if how == "SAME_UPPER" else (large, small)
    pads = given.settings.get("pads", [0] * 2 * count) if how == "NOTSET" else [0] * 2 * count
    if min(pads) < 0:
        raise UntranslatedError(f"{given.operator} has negative padding")
    return list(pads[:count]), list(pads[count:])


def _flipped(before: Sequence[int], after: Sequence[int]) -> list[int]:
    """Padding in torch's order: the last axis first, before and after in turn."""
    return [side for pair in zip(reversed(before), reversed(after), strict=True) for side in pair]


def _weights(given: Given, *names: str) -> dict[str, Array]:
    """Constants of the inputs behind the first, by the names that they get."""
    found = {name: given.constant(place) for place, name in enumerate(names, 1)}
    return {name: array for name, array in found.items() if array is not None}


def _convolution(given: Given) -> Made:
    tensors = _weights(given, "weight", "bias")
    weight = tensors["weight"]
    kinds: Mapping[int, Any] = {3: nn.Conv1d, 4: nn.Conv2d}
    if weight.ndim not in kinds:
        raise UntranslatedError(f"{given.operator} has {weight.ndim - 2} axes")
    kernel = weight.shape[2:]
    before, after = _sides(given, kernel, given.shapes[0][2:])
    groups = given.settings.get("group", 1)
    even = before == after
    layer = kinds[weight.ndim](
        weight.shape[1] * groups,
        weight.shape[0],
        tuple(kernel),
        stride=tuple(given.settings.get("strides", [1] * len(kernel))),
        padding=tuple(before) if even else 0,
        dilation=tuple(given.settings.get("dilations", [1] * len(kernel))),
        groups=groups,
        bias="bias" in tensors,
    )
    if even:
        return Made(layer, tensors=tensors)
    module = nn.Sequential(Pad(_flipped(before, after)), layer)
    return Made(module, tensors={f"1.{name}": array for name, array in tensors.items()})


def _transposed_convolution(given: Given) -> Made:
    given.only(auto_pad="NOTSET", output_shape=None)
    tensors = _weights(given, "weight", "bias")
    weight = tensors["weight"]
    if weight.ndim != 4:
        raise UntranslatedError(f"{given.operator} has {weight.ndim - 2} axes")
    before, after = _sides(given, weight.shape[2:], given.shapes[0][2:])
    if before != after:
        raise UntranslatedError(f"{given.operator} has uneven padding")
    groups = given.settings.get("group", 1)
    layer = nn.ConvTranspose2d(
        weight.shape[0],
        weight.shape[1] * groups,
        (weight.shape[2], weight.shape[3]),
        stride=tuple(given.settings.get("strides", [1, 1])),
        padding=(before[0], before[1]),
        output_padding=tuple(given.settings.get("output_padding", [0, 0])),
        groups=groups,
        bias="bias" in tensors,
        dilation=tuple(given.settings.get("dilations", [1, 1])),
    )
    return Made(layer, tensors=tensors)


def _dense(given: Given) -> Made:
    given.only(transA=0)
    weight = given.constant(1)
    if weight is None or weight.ndim != 2 or len(given.shapes[0]) != 2:
        raise UntranslatedError(f"{given.operator} has no constant matrix")
    bias = given.constant(2)
    weight = (weight if given.settings.get("transB", 0) else weight.T) * np.float32(
        given.settings.get("alpha", 1.0)
    )
    tensors = {"weight": weight}
    if bias is not None:
        bias = bias * np.float32(given.settings.get("beta", 1.0))
        tensors["bias"] = np.ascontiguousarray(np.broadcast_to(bias, (1, len(weight))))[0]
    return Made(nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None), tensors=tensors)


def _matrix_product(given: Given) -> Made:
    one, other = given.constants[:2]
    if one is None and other is not None and other.ndim == 2:
        bias = given.constant(BIAS)
        layer = nn.Linear(other.shape[0], other.shape[1], bias=bias is not None)
        tensors = {"weight": np.ascontiguousarray(other.T)}
        return Made(layer, tensors=tensors if bias is None else {**tensors, "bias": bias})
    return _pair(MatrixProduct)(given)


def _pair(kind: type[nn.Module]) -> Callable[[Given], Made]:
    """An operation on two tensors, one of which may be constant."""

    def make(given: Given) -> Made:
        held = [place for place, constant in enumerate(given.constants) if constant is not None]
        if not held:
            return Made(kind(), (0, 1))
        (place,) = held
        constant = np.asarray(given.constants[place])
        if np.issubdtype(constant.dtype, np.integer):
            raise UntranslatedError(f"{given.operator} computes with whole numbers")
        # One number is part of the formula; many were learnt, or are positions.
        module = Held(kind(), constant.shape, first=place == 0, learnt=constant.size > 1)
        return Made(module, (1 - place,), {"weight": constant})

    return make


def _many(kind: type[nn.Module]) -> Callable[[Given], Made]:
    def make(given: Given) -> Made:
        if any(constant is not None for constant in given.constants):
            if len(given.constants) != 2:
                raise UntranslatedError(f"{given.operator} mixes constants and pictures")
            return _pair(kind)(given)
        return Made(kind(), tuple(range(len(given.shapes))))

    return make


def _batch_norm(given: Given) -> Made:
    given.only(training_mode=0, spatial=1)
    tensors = _weights(given, "weight", "bias", "running_mean", "running_var")
    kinds: Mapping[int, type[nn.Module]] = {2: nn.BatchNorm1d, 3: nn.BatchNorm1d, 4: nn.BatchNorm2d}
    kind = kinds.get(len(given.shapes[0]))
    if kind is None or len(tensors) != 4:
        raise UntranslatedError(f"{given.operator} reads {len(given.shapes[0])} axes")
    layer = kind(len(tensors["weight"]), eps=given.settings.get("epsilon", 1e-5))
    return Made(layer, tensors={**tensors, "num_batches_tracked": np.array(0)})


def _layer_norm(given: Given) -> Made:
    axis = given.settings.get("axis", -1) % len(given.shapes[0])
    tensors = _weights(given, "weight", "bias")
    shape = given.shapes[0][axis:]
    layer = nn.LayerNorm(shape, eps=given.settings.get("epsilon", 1e-5), bias="bias" in tensors)
    return Made(
        layer, tensors={name: np.broadcast_to(array, shape).copy() for name, array in tensors.items()}
    )


def _instance_norm(given: Given) -> Made:
    if len(given.shapes[0]) != 4:
        raise UntranslatedError(f"{given.operator} reads {len(given.shapes[0])} axes")
    tensors = _weights(given, "weight", "bias")
    layer = nn.InstanceNorm2d(len(tensors["weight"]), eps=given.settings.get("epsilon", 1e-5), affine=True)
    return Made(layer, tensors=tensors)


def _local_response(given: Given) -> Made:
    settings = given.settings
    return Made(
        nn.LocalResponseNorm(
            settings["size"],
            settings.get("alpha", 1e-4),
            settings.get("beta", 0.75),
            settings.get("bias", 1.0),
        )
    )


def _pool(given: Given, *, largest: bool) -> Made:
    kernel = given.settings["kernel_shape"]
    if len(kernel) != 2:
        raise UntranslatedError(f"{given.operator} has {len(kernel)} axes")
    given.only(storage_order=0)
    before, after = _sides(given, kernel, given.shapes[0][2:])
    strides = tuple(given.settings.get("strides", [1, 1]))
    dilations = tuple(given.settings.get("dilations", [1, 1]))
    ceil = bool(given.settings.get("ceil_mode", 0))
    counted = bool(given.settings.get("count_include_pad", 0))
    even = before == after and all(2 * side <= edge for side, edge in zip(before, kernel, strict=True))
    size, padding = (kernel[0], kernel[1]), (before[0], before[1]) if even else 0
    if largest:
        layer: nn.Module = nn.MaxPool2d(size, strides, padding, dilations, ceil_mode=ceil)
        pad = None if even else Pad(_flipped(before, after), value=-torch.inf)
        return Made(_sequential(pad, layer))
    if dilations != (1, 1):
        raise UntranslatedError(f"{given.operator} has dilations")
    if even:
        return Made(nn.AvgPool2d(size, strides, padding, ceil, count_include_pad=counted))
    if ceil:
        raise UntranslatedError(f"{given.operator} rounds up and has uneven padding")
    pad = Pad(_flipped(before, after))
    summed = nn.AvgPool2d(size, strides)
    return Made(nn.Sequential(pad, summed) if counted else _MeanInside(pad, summed))


class _MeanInside(nn.Module):
    """A mean over what lies inside of a picture, at each place."""

    def __init__(self, pad: nn.Module, mean: nn.Module) -> None:
        super().__init__()
        self.pad, self.mean = pad, mean

    def forward(self, inputs: Tensor) -> Tensor:
        """As its class says."""
        inside = self.mean(self.pad(torch.ones_like(inputs[:1, :1])))
        output: Tensor = self.mean(self.pad(inputs)) / inside
        return output


def _global(kind: Callable[[int], nn.Module]) -> Callable[[Given], Made]:
    def make(given: Given) -> Made:
        if len(given.shapes[0]) != 4:
            raise UntranslatedError(f"{given.operator} reads {len(given.shapes[0])} axes")
        return Made(kind(1))

    return make


def _reduction(name: str, function: Callable[..., Tensor]) -> Callable[[Given], Made]:
    def make(given: Given) -> Made:
        given.only(noop_with_empty_axes=0)
        rank = len(given.shapes[0])
        axes = given.whole(1, "axes")
        places = tuple(axis % rank for axis in (range(rank) if axes is None else axes))
        keep = bool(given.settings.get("keepdims", 1))
        if given.counts.intersection(places):
            raise UntranslatedError(f"{given.operator} mixes pictures")
        if places == (2, 3) and rank == 4 and keep and name == "mean":
            return Made(nn.AdaptiveAvgPool2d(1))
        return Made(
            Function(f"{name}, axes {places}", lambda inputs: function(inputs, dim=places, keepdim=keep))
        )

    return make


def _activation(make: Callable[[Mapping[str, Any]], nn.Module]) -> Callable[[Given], Made]:
    return lambda given: Made(make(given.settings))


def _clip(given: Given) -> Made:
    low, high = (
        None if constant is None else float(constant.ravel()[0])
        for constant in (given.constant(1), given.constant(2))
    )
    low, high = given.settings.get("min", low), given.settings.get("max", high)
    if (low, high) == (0.0, 6.0):
        return Made(nn.ReLU6())
    infinite = torch.finfo(torch.float32)
    return Made(nn.Hardtanh(infinite.min if low is None else low, infinite.max if high is None else high))


def _prelu(given: Given) -> Made:
    slope = given.constant(1)
    if slope is None:
        raise UntranslatedError(f"{given.operator} reads a slope that is not constant")
    channels = given.shapes[0][1]
    if slope.size not in (1, channels) or (slope.size > 1 and slope.shape[:1] not in ((channels,), (1,))):
        raise UntranslatedError(f"{given.operator} has a slope for each place")
    if slope.size > 1 and slope.size != slope.shape[max(0, slope.ndim - len(given.shapes[0]) + 1)]:
        raise UntranslatedError(f"{given.operator} has a slope for each place")
    return Made(nn.PReLU(slope.size), tensors={"weight": slope.reshape(-1)})


def _gelu(given: Given) -> Made:
    return Made(nn.GELU(given.settings.get("approximate", "none")))


def _hard_sigmoid(given: Given) -> Made:
    alpha, beta = given.settings.get("alpha", 0.2), given.settings.get("beta", 0.5)
    if abs(alpha - 1 / 6) < 1e-6 and beta == 0.5:
        return Made(nn.Hardsigmoid())
    return Made(Function(f"{alpha} x + {beta}, 0 to 1", lambda inputs: (alpha * inputs + beta).clamp(0, 1)))


def _softmax(kind: Callable[[int], nn.Module]) -> Callable[[Given], Made]:
    def make(given: Given) -> Made:
        rank = len(given.shapes[0])
        axis = given.settings.get("axis", -1 if given.version >= 13 else 1) % rank
        if given.version < 13 and axis != rank - 1:
            raise UntranslatedError(f"{given.operator} flattens what it reads")
        return Made(kind(axis))

    return make


def _flatten(given: Given) -> Made:
    given.only(axis=1)
    if len(given.shapes[0]) == 1:
        return Made(Function("a row of one", lambda inputs: inputs.unsqueeze(1)))
    return Made(nn.Flatten())


def _reshape(given: Given) -> Made:
    if len(given.free) != 1:
        raise UntranslatedError(f"{given.operator} mixes pictures")
    sizes = [-1 if axis in given.free else size for axis, size in enumerate(given.gives)]
    if given.counts == {0} == given.free and len(sizes) == 2 and given.shapes[0][0] == given.gives[0]:
        return Made(nn.Flatten())
    return Made(Function(f"reshape to {tuple(sizes)}", lambda inputs: inputs.reshape(sizes)))


def _transpose(given: Given) -> Made:
    order = tuple(given.settings.get("perm", range(len(given.shapes[0]))[::-1]))
    return Made(Function(f"axes {order}", lambda inputs: inputs.permute(order)))


def _squeeze(given: Given) -> Made:
    rank = len(given.shapes[0])
    axes = given.whole(1, "axes") or [axis for axis, size in enumerate(given.shapes[0]) if size == 1]
    places = tuple(axis % rank for axis in axes)
    return Made(Function(f"without axes {places}", lambda inputs: inputs.squeeze(places)))


def _unsqueeze(given: Given) -> Made:
    rank = len(given.gives)
    places = sorted(axis % rank for axis in given.whole(1, "axes") or ())

    def grow(inputs: Tensor) -> Tensor:
        for place in places:
            inputs = inputs.unsqueeze(place)
        return inputs

    return Made(Function(f"with axes {tuple(places)}", grow))


def _concatenate(given: Given) -> Made:
    axis = given.settings["axis"] % len(given.gives)
    if axis in given.free:
        raise UntranslatedError(f"{given.operator} mixes pictures")
    held = {place: constant for place, constant in enumerate(given.constants) if constant is not None}
    if not held:
        return Made(
            Function(f"joined along axis {axis}", lambda *inputs: torch.cat(inputs, axis)),
            tuple(range(len(given.shapes))),
        )
    if len(held) > 1 or len(given.shapes) != 2:
        raise UntranslatedError(f"{given.operator} mixes constants and pictures")
    ((place, constant),) = held.items()
    return Made(
        _Beside(constant[:1].shape, axis, first=place == 0),
        (1 - place,),
        {"start.weight": constant[:1].copy()},
    )


class _Beside(nn.Module):
    """What was learnt (a class token), joined with what it reads."""

    def __init__(self, shape: Shape, axis: int, *, first: bool) -> None:
        super().__init__()
        self.start, self.axis, self.first = Start(shape), axis, first

    def forward(self, inputs: Tensor) -> Tensor:
        """As its class says."""
        start = self.start(inputs)
        return torch.cat((start, inputs) if self.first else (inputs, start), self.axis)


def _slice(given: Given) -> Made:
    starts, ends = given.whole(1, "starts") or [], given.whole(2, "ends") or []
    axes = given.whole(3, "axes") or list(range(len(starts)))
    steps = given.whole(4) or [1] * len(starts)
    rank = len(given.shapes[0])
    parts = [slice(None)] * rank
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        if step < 1 or axis % rank in given.counts:
            raise UntranslatedError(f"{given.operator} turns an axis round, or picks pictures")
        parts[axis % rank] = slice(start, end, step)
    places = tuple(parts)
    return Made(Function("a part", lambda inputs: inputs[places]))


def _gather(given: Given) -> Made:
    index = given.constant(1)
    rank = len(given.shapes[0])
    axis = given.settings.get("axis", 0) % rank
    if index is None or index.ndim > 1 or axis in given.counts:
        raise UntranslatedError(f"{given.operator} looks up what is not constant")
    if index.ndim == 0:
        place = int(index)
        return Made(Function(f"{place} of axis {axis}", lambda inputs: inputs.select(axis, place)))
    places = torch.tensor(index % given.shapes[0][axis])
    return Made(Function(f"some of axis {axis}", lambda inputs: inputs.index_select(axis, places)))


def _expand(given: Given) -> Made:
    if given.constants[0] is not None:
        return _start(given)
    sizes = [-1 if axis in given.free else size for axis, size in enumerate(given.gives)]
    return Made(Function(f"spread to {tuple(sizes)}", lambda inputs: inputs.expand(sizes)))


def _start(given: Given) -> Made:
    """What was learnt, once for each picture: it reads the pictures to know how many."""
    constant = given.constants[0]
    if (
        constant is None
        or given.free != {0}
        or constant.shape[:1] != (1,)
        or constant.shape[1:] != given.gives[1:]
    ):
        raise UntranslatedError(
            f"{given.operator} spreads what was learnt otherwise than once for each picture"
        )
    return Made(Start(constant.shape), (), {"weight": constant})


def _resize(given: Given) -> Made:
    mode = given.settings.get("mode", "nearest")
    how = given.settings.get("coordinate_transformation_mode", "half_pixel")
    near = given.settings.get("nearest_mode", "round_prefer_floor")
    given.only(antialias=0, exclude_outside=0)
    size, gives = given.shapes[0][2:], given.gives[2:]
    if len(size) != 2 or given.shapes[0][:2] != given.gives[:2]:
        raise UntranslatedError(f"{given.operator} changes more than rows and columns")
    whole = all(new % old == 0 for old, new in zip(size, gives, strict=True))
    height, width = gives
    # Where each place is repeated, both roundings give the same.
    if mode == "nearest" and (
        (how, near) == ("asymmetric", "floor")
        or (whole and (how, near) == ("half_pixel", "round_prefer_floor"))
    ):
        return Made(nn.Upsample((height, width), mode="nearest"))
    if mode == "linear" and how in ("half_pixel", "pytorch_half_pixel", "align_corners"):
        return Made(nn.Upsample((height, width), mode="bilinear", align_corners=how == "align_corners"))
    raise UntranslatedError(f"{given.operator} has mode={mode}, {how}, {near}")


def _pad(given: Given) -> Made:
    mode = given.settings.get("mode", "constant")
    names = {"constant": "constant", "reflect": "reflect", "edge": "replicate"}
    pads = given.whole(1, "pads") or []
    axes = given.whole(3)
    rank = len(given.shapes[0])
    before, after = [0] * rank, [0] * rank
    for place, axis in enumerate(range(rank) if axes is None else axes):
        before[axis], after[axis] = pads[place], pads[place + len(pads) // 2]
    value = given.constant(2)
    number = float(value.ravel()[0]) if value is not None else given.settings.get("value", 0.0)
    if mode not in names or (mode != "constant" and (rank != 4 or any(before[:2] + after[:2]))):
        raise UntranslatedError(f"{given.operator} has mode={mode}")
    count = 2 if mode != "constant" else rank
    return Made(Pad(_flipped(before[-count:], after[-count:]), names[mode], number))


def _depth_to_space(given: Given) -> Made:
    given.only(mode="CRD")
    return Made(nn.PixelShuffle(given.settings["blocksize"]))


def _function(name: str, function: Callable[[Tensor], Tensor]) -> Callable[[Given], Made]:
    return lambda given: Made(Function(name, function))


def _cast(given: Given) -> Made:
    if given.settings.get("to") != 1:
        raise UntranslatedError(f"{given.operator} makes other numbers than float32")
    return Made(nn.Identity())


# What they do, in words -> operator -> how it is translated.
GROUPS: Mapping[str, Mapping[str, Callable[[Given], Made]]] = {
    "Weigh": {
        "Conv": _convolution,
        "ConvTranspose": _transposed_convolution,
        "Gemm": _dense,
        "MatMul": _matrix_product,
    },
    "Pool": {
        "MaxPool": lambda given: _pool(given, largest=True),
        "AveragePool": lambda given: _pool(given, largest=False),
        "GlobalAveragePool": _global(nn.AdaptiveAvgPool2d),
        "GlobalMaxPool": _global(nn.AdaptiveMaxPool2d),
        "ReduceMean": _reduction("mean", torch.mean),
        "ReduceMax": _reduction("largest", torch.amax),
        "ReduceSum": _reduction("sum", torch.sum),
    },
    "Normalise": {
        "BatchNormalization": _batch_norm,
        "LayerNormalization": _layer_norm,
        "InstanceNormalization": _instance_norm,
        "LRN": _local_response,
    },
    "Activate": {
        "Relu": _activation(lambda settings: nn.ReLU()),
        "LeakyRelu": _activation(lambda settings: nn.LeakyReLU(settings.get("alpha", 0.01))),
        "PRelu": _prelu,
        "Elu": _activation(lambda settings: nn.ELU(settings.get("alpha", 1.0))),
        "Gelu": _gelu,
        "Clip": _clip,
        "Sigmoid": _activation(lambda settings: nn.Sigmoid()),
        "HardSigmoid": _hard_sigmoid,
        "HardSwish": _activation(lambda settings: nn.Hardswish()),
        "Tanh": _activation(lambda settings: nn.Tanh()),
        "Softplus": _activation(lambda settings: nn.Softplus()),
        "Softmax": _softmax(nn.Softmax),
        "LogSoftmax": _softmax(nn.LogSoftmax),
        "Erf": _function("erf", torch.erf),
    },
    "Join": {
        "Add": _pair(Add),
        "Sub": _pair(Subtract),
        "Mul": _pair(Multiply),
        "Div": _pair(Divide),
        "Pow": _pair(Power),
        "Sum": _many(Add),
        "Max": _many(Maximum),
        "Min": _many(Minimum),
        "Concat": _concatenate,
    },
    "Shape": {
        "Flatten": _flatten,
        "Reshape": _reshape,
        "Transpose": _transpose,
        "Squeeze": _squeeze,
        "Unsqueeze": _unsqueeze,
        "Slice": _slice,
        "Gather": _gather,
        "Expand": _expand,
        "Pad": _pad,
        "Resize": _resize,
        "DepthToSpace": _depth_to_space,
    },
    "Compute": {
        "Sqrt": _function("square root", torch.sqrt),
        "Reciprocal": _function("reciprocal", torch.reciprocal),
        "Neg": _function("negative", torch.neg),
        "Exp": _function("exp", torch.exp),
        "Log": _function("logarithm", torch.log),
        "Abs": _function("size", torch.abs),
    },
    "Hand on": {
        "Identity": _activation(lambda settings: nn.Identity()),
        "Dropout": _activation(lambda settings: nn.Identity()),
        "Cast": _cast,
    },
}
OPERATORS: Mapping[str, Callable[[Given], Made]] = {
    operator: translate for group in GROUPS.values() for operator, translate in group.items()
}
# What is translated beside the table: a node that gives several tensors becomes a layer for each.
SPLIT = "Split"
