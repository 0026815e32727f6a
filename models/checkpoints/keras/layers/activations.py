"""Activation functions, as layers and as the `activation` of other layers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from models.checkpoints.keras.later import modules, nn
from models.checkpoints.keras.piece import PICTURE, Given, Piece, Shape, Weight, numbers
from models.checkpoints.keras.settings import Settings, damaged, shown

Build = Callable[[], "nn.Module"]
# Of Keras 2, whose hard sigmoid has another slope.
OLD = 2


def _elementwise(name: str) -> Build:
    return partial(modules.Elementwise, name)


# Name of a function in Keras -> how its module is made. Those of a shape or a release are told apart below.
FUNCTIONS: dict[str, Build] = {
    "relu": nn.ReLU,
    "relu6": nn.ReLU6,
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "swish": nn.SiLU,
    "elu": nn.ELU,
    "selu": nn.SELU,
    "celu": nn.CELU,
    "softplus": nn.Softplus,
    "softsign": nn.Softsign,
    "mish": nn.Mish,
    "leaky_relu": partial(nn.LeakyReLU, 0.2),
    "hard_silu": nn.Hardswish,
    "hard_swish": nn.Hardswish,
    "hard_tanh": nn.Hardtanh,
    "hard_shrink": nn.Hardshrink,
    "soft_shrink": nn.Softshrink,
    "tanh_shrink": nn.Tanhshrink,
    "log_sigmoid": nn.LogSigmoid,
    "squareplus": modules.Squareplus,
    "exponential": _elementwise("exp"),
}
LINEAR = "linear"
SHAPED = {"softmax": nn.Softmax, "log_softmax": nn.LogSoftmax}
HARD_SIGMOID = "hard_sigmoid"
NAMES = (*FUNCTIONS, *SHAPED, HARD_SIGMOID, LINEAR)


def with_activation(given: Given, piece: Piece, name: str = "activation") -> Piece:
    """A layer with the function that is applied to what it gives."""
    value = given.settings.values.get(name)
    if isinstance(value, dict) and str(value.get("class_name")) in LAYERS:
        return _with_layer(given, piece, value)
    function = function_named(given.settings, value)
    if function == LINEAR:
        return piece
    return piece.then((function, build_function(given, function, piece.shape)))


def _with_layer(given: Given, piece: Piece, value: dict[str, Any]) -> Piece:
    """A layer with a layer as its activation."""
    config = value.get("config")
    if not isinstance(config, dict):
        raise given.settings.odd("activation")
    settings = Settings(given.settings.layer, str(value["class_name"]), config, given.settings.release)
    inner = LAYERS[settings.kind](Given(settings, (piece.shape,), given.first))
    moved = tuple(
        Weight(
            weight.name,
            weight.shape,
            weight.target,
            (f"activation/{weight.place[0]}".rstrip("/"), weight.place[1]),
            weight.turn,
            weight.part + len(piece.modules),
        )
        for weight in inner.weights
    )
    joined = piece.then(*((settings.kind.lower(), build) for _, build in inner.modules))
    return Piece(
        joined.shape, joined.modules, (*piece.weights, *moved), piece.fixed, piece.ignored, piece.work
    )


def function_named(settings: Settings, value: object) -> str:
    """The name of an activation function in a configuration."""
    match value:
        case None:
            return LINEAR
        case {"class_name": "function", "config": str(name), "module": "builtins"}:
            pass
        case {"class_name": str(name), "config": dict(config)} if not config:
            pass
        case str(name):
            pass
        case _:
            raise settings.unknown("an activation function with settings of its own")
    name = _snake(name.rpartition(">")[2] if name.startswith("keras") else name)
    if name not in NAMES:
        raise settings.unknown(f"the activation function {shown(name)}")
    return name


def _snake(name: str) -> str:
    """The name of a function, where its class is named: HardSigmoid -> hard_sigmoid."""
    if name.islower():
        return name
    return (
        "".join(f"_{one.lower()}" if one.isupper() else one for one in name)
        .lstrip("_")
        .replace("re_lu", "relu")
    )


def build_function(given: Given, name: str, shape: Shape, axis: int = -1) -> Build:
    """How the module of a function is made.

    Args:
        given: of the layer that applies it.
        name: one of NAMES other than linear.
        shape: of what it is applied to.
        axis: of a softmax, as Keras counts.
    """
    if name in SHAPED:
        return partial(SHAPED[name], dim=given.axis(axis, len(shape) + 1))
    if name == HARD_SIGMOID:
        return modules.HardSigmoidOfKeras2 if given.settings.release <= OLD else nn.Hardsigmoid
    return FUNCTIONS[name]


def _same(given: Given, build: Build, *weights: Weight) -> Piece:
    return Piece(given.shape, (("", build),), weights)


def _activation(given: Given) -> Piece:
    function = function_named(given.settings, given.settings.values.get("activation"))
    build = nn.Identity if function == LINEAR else build_function(given, function, given.shape)
    return _same(given, build)


def _relu(given: Given) -> Piece:
    values = given.settings
    slope, threshold = values.number("negative_slope", 0.0), values.number("threshold", 0.0)
    largest = None if values.values.get("max_value") is None else values.number("max_value")
    if threshold == 0 and slope == 0 and largest in (None, 6):
        return _same(given, nn.ReLU if largest is None else nn.ReLU6)
    if threshold == 0 and largest is None:
        return _same(given, partial(nn.LeakyReLU, slope))
    return _same(given, partial(modules.KerasReLU, largest, slope, threshold))


def _leaky_relu(given: Given) -> Piece:
    values = given.settings
    slope = values.number("alpha" if "alpha" in values.values else "negative_slope", 0.3)
    return _same(given, partial(nn.LeakyReLU, slope))


def _elu(given: Given) -> Piece:
    return _same(given, partial(nn.ELU, given.settings.number("alpha", 1.0)))


def _prelu(given: Given) -> Piece:
    """Alpha has the shape of a picture, with 1 where an axis shares it."""
    shared = given.settings.values.get("shared_axes")
    axes = () if shared is None else given.settings.wholes("shared_axes", 1)
    shape = tuple(1 if axis + 1 in axes else size for axis, size in enumerate(given.shape))
    if len(shape) == PICTURE and not given.first:
        target: Shape = (shape[2], shape[0], shape[1])
        weight = Weight("alpha", shape, "weight", ("", 0), lambda array: array.transpose(2, 0, 1))
    else:
        target, weight = shape, Weight("alpha", shape, "weight", ("", 0))
    if len(target) == PICTURE and numbers(target) == target[0]:
        whole = Weight("alpha", shape, "weight", ("", 0), lambda array: array.reshape(-1))
        return _same(given, partial(nn.PReLU, target[0]), whole)
    return _same(given, partial(modules.PlacePReLU, target), weight)


def _softmax(given: Given) -> Piece:
    axis = given.settings.values.get("axis", -1)
    if isinstance(axis, list) and len(axis) == 1:
        axis = axis[0]
    if type(axis) is not int:
        raise given.settings.unknown("a softmax over several axes")
    if axis % (len(given.shape) + 1) == 0:
        raise damaged(f"{given.settings.title} goes over the pictures")
    return _same(given, build_function(given, "softmax", given.shape, axis))


def _thresholded(given: Given) -> Piece:
    return _same(given, partial(modules.KerasReLU, None, 0.0, given.settings.number("theta", 1.0)))


LAYERS: dict[str, Callable[[Given], Piece]] = {
    "Activation": _activation,
    "ReLU": _relu,
    "LeakyReLU": _leaky_relu,
    "ELU": _elu,
    "PReLU": _prelu,
    "Softmax": _softmax,
    "ThresholdedReLU": _thresholded,
}
