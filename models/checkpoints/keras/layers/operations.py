"""Mere operations in a functional network: x * 2, 1 - x, x[:, 1:], keras.ops.relu(x)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from models.checkpoints.keras.configuration import Reference
from models.checkpoints.keras.later import modules, nn
from models.checkpoints.keras.layers.activations import build_function
from models.checkpoints.keras.layers.merges import concatenate, joined
from models.checkpoints.keras.layers.shaping import permute, reshape
from models.checkpoints.keras.piece import PICTURE, Given, Piece
from models.checkpoints.keras.settings import damaged, is_number

# What Keras 2 calls them: TFOpLambda with the function's name.
OLDER = {
    "math.multiply": "Multiply",
    "math.add": "Add",
    "__operators__.add": "Add",
    "math.subtract": "Subtract",
    "__operators__.sub": "Subtract",
    "math.truediv": "TrueDivide",
    "__operators__.truediv": "TrueDivide",
    "nn.relu": "Relu",
    "nn.relu6": "Relu6",
    "nn.silu": "Silu",
    "math.sigmoid": "Sigmoid",
    "math.tanh": "Tanh",
    "__operators__.getitem": "GetItem",
}


def _operands(given: Given) -> tuple[Any, Any]:
    """Both sides: a reference or a number each."""
    named = dict(given.named or {})
    sides = [*given.args]
    for names in (("x1", "x"), ("x2", "y")):
        sides += [named[name] for name in names if name in named]
    if len(sides) != 2 or not any(isinstance(side, Reference) for side in sides):
        raise damaged(f"{given.settings.title} does not say what it joins")
    for side in sides:
        if not isinstance(side, Reference) and not is_number(side):
            raise given.settings.unknown("a constant that is no single number")
    return sides[0], sides[1]


def _binary(
    given: Given,
    both: Callable[[], nn.Module],
    with_number: Callable[[float], nn.Module],
    number_first: Callable[[float], nn.Module],
) -> Piece:
    first, second = _operands(given)
    if isinstance(first, Reference) and isinstance(second, Reference):
        return Piece(joined(given.settings, given.shapes), (("", both),))
    if isinstance(first, Reference):
        return Piece(given.shape, (("", partial(with_number, float(second))),))
    return Piece(given.shape, (("", partial(number_first, float(first))),))


def _scaled(number: float) -> nn.Module:
    return modules.ScaleShift(number, 0.0)


def _shifted(number: float) -> nn.Module:
    return modules.ScaleShift(1.0, number)


def _divided(number: float) -> nn.Module:
    if number == 0:
        raise damaged("a layer divides by zero")
    return modules.ScaleShift(1 / number, 0.0)


def _function(given: Given, name: str) -> Piece:
    return Piece(given.shape, (("", build_function(given, name, given.shape)),))


def _gelu(given: Given) -> Piece:
    approximate = given.settings.flag("approximate", True)
    return Piece(given.shape, (("", partial(nn.GELU, "tanh" if approximate else "none")),))


def _softmax(given: Given, name: str) -> Piece:
    axis = given.settings.values.get("axis", -1)
    if type(axis) is not int:
        raise given.settings.odd("axis")
    return Piece(given.shape, (("", build_function(given, name, given.shape, axis)),))


def _leaky_relu(given: Given) -> Piece:
    return Piece(given.shape, (("", partial(nn.LeakyReLU, given.settings.number("negative_slope", 0.2))),))


def _power(given: Given) -> Piece:
    first, second = _operands(given)
    if isinstance(second, Reference) or not isinstance(first, Reference):
        raise given.settings.unknown("a power that is no number")
    return Piece(given.shape, (("", partial(modules.Power, float(second))),))


def _reduced(given: Given, build: Callable[..., nn.Module]) -> Piece:
    """Over axes; what is left of a picture lies in Keras's order."""
    values, shape = given.settings, given.shape
    rank, keep = len(shape) + 1, values.flag("keepdims")
    if values.values.get("axis") is None:
        raise values.unknown("a number for all pictures together")
    axes = sorted(axis % rank for axis in values.wholes("axis") if -rank <= axis < rank)
    if not axes or 0 in axes:
        raise values.unknown("a number for all pictures together")
    dims = tuple(given.axis(axis, rank) for axis in axes)
    left = [axis for axis in range(1, rank) if axis not in axes]
    made = tuple(1 if axis in axes else shape[axis - 1] for axis in range(1, rank))
    if keep:
        return Piece(made, (("", partial(build, dims, keep=True)),))
    if not left:
        raise values.unknown("one number for a picture")
    laid = sorted(left, key=lambda axis: given.axis(axis, rank))
    if len(left) == PICTURE or laid != left:
        raise values.unknown(f"a reduction over the axes {axes}")
    return Piece(tuple(shape[axis - 1] for axis in left), (("", partial(build, dims, keep=False)),))


def _get_item(given: Given) -> Piece:
    """x[:, 1:, ::2, 0]: slices and whole numbers; a picture that loses an axis lies in Keras's order."""
    shape = given.shape
    rank = len(shape) + 1
    named = dict(given.named or {})
    key = named.get("key", named.get("slice_spec", given.args[1] if len(given.args) == 2 else None))
    parts = key if isinstance(key, list | tuple) else [key]
    if len(parts) > rank or not all(type(part) in (int, slice) for part in parts):
        raise given.settings.unknown("an index that is neither slices nor whole numbers")
    parts = [*parts, *[slice(None)] * (rank - len(parts))]
    if parts[0] != slice(None):
        raise given.settings.unknown("a choice among pictures")
    made: list[int] = []
    left = [0]
    for axis, part in enumerate(parts[1:], 1):
        if isinstance(part, slice):
            ends = (part.start, part.stop, part.step)
            if not all(end is None or type(end) is int for end in ends) or (part.step or 1) < 1:
                raise given.settings.unknown("an index that runs backwards")
            made.append(len(range(*part.indices(shape[axis - 1]))))
            left.append(axis)
        elif not -shape[axis - 1] <= part < shape[axis - 1]:
            raise damaged(f"{given.settings.title} reads beyond a tensor")
    if not made or min(made) < 1 or (len(made) == PICTURE and rank != PICTURE + 1):
        raise given.settings.unknown("an index that leaves nothing or changes what is a picture")
    index: list[Any] = [slice(None)] * rank
    for axis, part in enumerate(parts):
        index[given.axis(axis, rank)] = part
    order = None
    if len(left) < rank:
        laid = sorted(left, key=lambda axis: given.axis(axis, rank))
        order = [laid.index(axis) for axis in left]
        order = None if order == sorted(order) else order
    return Piece(tuple(made), (("", partial(modules.Slice, index, order)),))


def _reshape(given: Given) -> Piece:
    shape = given.settings.wholes("newshape")
    if shape[0] != -1:
        raise given.settings.unknown("a reshape that joins pictures")
    return reshape(given, shape[1:])


def _transpose(given: Given) -> Piece:
    return permute(given, given.settings.wholes("axes", 0))


def _concatenate(given: Given) -> Piece:
    axis = given.settings.values.get("axis", -1)
    if type(axis) is not int:
        raise given.settings.odd("axis")
    return concatenate(given, axis)


def _same(given: Given, build: Callable[[], nn.Module]) -> Piece:
    return Piece(given.shape, (("", build),))


def _named(name: str) -> Callable[[Given], Piece]:
    return partial(_same, build=partial(modules.Elementwise, name))


OPERATIONS: Mapping[str, Callable[[Given], Piece]] = {
    "Add": partial(_binary, both=modules.Add, with_number=_shifted, number_first=_shifted),
    "Subtract": partial(
        _binary,
        both=modules.Subtract,
        with_number=lambda number: modules.ScaleShift(1.0, -number),
        number_first=lambda number: modules.ScaleShift(-1.0, number),
    ),
    "Multiply": partial(_binary, both=modules.Multiply, with_number=_scaled, number_first=_scaled),
    "Divide": partial(_binary, both=modules.Divide, with_number=_divided, number_first=modules.Inverse),
    "TrueDivide": partial(_binary, both=modules.Divide, with_number=_divided, number_first=modules.Inverse),
    "Power": _power,
    "Negative": partial(_same, build=partial(modules.ScaleShift, -1.0, 0.0)),
    "Absolute": _named("abs"),
    "Exp": _named("exp"),
    "Sqrt": _named("sqrt"),
    "Square": _named("square"),
    "Relu": partial(_function, name="relu"),
    "Relu6": partial(_function, name="relu6"),
    "Sigmoid": partial(_function, name="sigmoid"),
    "Tanh": partial(_function, name="tanh"),
    "Silu": partial(_function, name="silu"),
    "Softplus": partial(_function, name="softplus"),
    "HardSigmoid": partial(_function, name="hard_sigmoid"),
    "HardSilu": partial(_function, name="hard_silu"),
    "LeakyRelu": _leaky_relu,
    "Gelu": _gelu,
    "Softmax": partial(_softmax, name="softmax"),
    "LogSoftmax": partial(_softmax, name="log_softmax"),
    "Mean": partial(_reduced, build=modules.Mean),
    "Max": partial(_reduced, build=modules.Largest),
    "GetItem": _get_item,
    "Reshape": _reshape,
    "Transpose": _transpose,
    "Concatenate": _concatenate,
}
