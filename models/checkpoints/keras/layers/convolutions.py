"""Layers that weigh: convolutions of all kinds, and dense ones."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from models.checkpoints.keras.later import nn
from models.checkpoints.keras.layers.activations import with_activation
from models.checkpoints.keras.layers.padding import Pair, Window
from models.checkpoints.keras.piece import PICTURE, Array, Given, Piece, Weight
from models.checkpoints.keras.settings import damaged

PADDINGS = ("valid", "same")


def _window(given: Given, size: Pair) -> Window:
    values = given.settings
    window = Window(
        size,
        values.pair("kernel_size"),
        values.pair("strides", 1),
        values.pair("dilation_rate", 1),
        values.word("padding", PADDINGS, "valid") == "same",
    )
    if min(window.places) < 1:
        raise damaged(f"{values.title} has a kernel larger than the picture that it is given")
    return window


def _convolution(
    inputs: int, outputs: int, window: Window, groups: int, bias: bool
) -> Callable[[], nn.Module]:
    return lambda: nn.Conv2d(
        inputs,
        outputs,
        window.kernel,
        window.stride,
        window.before if window.even else 0,
        window.spread,
        groups,
        bias,
    )


def _padded(window: Window) -> tuple[tuple[str, Callable[[], nn.Module]], ...]:
    """What is put before a convolution that pads unevenly."""
    return () if window.even else (("pad", partial(nn.ZeroPad2d, window.sides)),)


def _to_front(array: Array) -> Array:
    """(H, W, in, out) -> (out, in, H, W)."""
    return array.transpose(3, 2, 0, 1)


def _depthwise_to_front(array: Array) -> Array:
    """(H, W, C, M) -> (C * M, 1, H, W)."""
    height, width = array.shape[:2]
    return array.transpose(2, 3, 0, 1).reshape(-1, 1, height, width)


def _bias(units: int, number: int, part: int = 0) -> Weight:
    return Weight("bias", (units,), "bias", ("", number), part=part)


def _conv2d(given: Given) -> Piece:
    values = given.settings
    channels, size = given.picture()
    window, filters = _window(given, size), values.whole("filters")
    groups, bias = values.whole("groups", 1), values.flag("use_bias", True)
    if channels % groups or filters % groups:
        raise values.odd("groups")
    before = _padded(window)
    shape = (*window.kernel, channels // groups, filters)
    weights = [Weight("kernel", shape, "weight", ("", 0), _to_front, len(before))]
    weights += [_bias(filters, 1, len(before))] if bias else []
    piece = Piece(
        given.made(filters, window.places),
        (*before, ("", _convolution(channels, filters, window, groups, bias))),
        tuple(weights),
        work=channels // groups * window.kernel[0] * window.kernel[1],
    )
    return with_activation(given, piece)


def _depthwise(given: Given) -> Piece:
    values = given.settings
    channels, size = given.picture()
    window, multiplier = _window(given, size), values.whole("depth_multiplier", 1)
    outputs, bias, before = channels * multiplier, values.flag("use_bias", True), _padded(window)
    shape = (*window.kernel, channels, multiplier)
    name = "depthwise_kernel" if values.release <= 2 else "kernel"
    weights = [Weight(name, shape, "weight", ("", 0), _depthwise_to_front, len(before))]
    weights += [_bias(outputs, 1, len(before))] if bias else []
    piece = Piece(
        given.made(outputs, window.places),
        (*before, ("", _convolution(channels, outputs, window, channels, bias))),
        tuple(weights),
        work=window.kernel[0] * window.kernel[1],
    )
    return with_activation(given, piece)


def _separable(given: Given) -> Piece:
    values = given.settings
    channels, size = given.picture()
    window, multiplier = _window(given, size), values.whole("depth_multiplier", 1)
    middle, filters, bias = channels * multiplier, values.whole("filters"), values.flag("use_bias", True)
    before = _padded(window)
    point = Window(window.places, (1, 1), (1, 1))
    depth = len(before)
    weights = [
        Weight(
            "depthwise_kernel",
            (*window.kernel, channels, multiplier),
            "weight",
            ("", 0),
            _depthwise_to_front,
            depth,
        ),
        Weight("pointwise_kernel", (1, 1, middle, filters), "weight", ("", 1), _to_front, depth + 1),
    ]
    weights += [_bias(filters, 2, depth + 1)] if bias else []
    piece = Piece(
        given.made(filters, window.places),
        (
            *before,
            ("depthwise", _convolution(channels, middle, window, channels, False)),
            ("", _convolution(middle, filters, point, 1, bias)),
        ),
        tuple(weights),
        work=middle + window.kernel[0] * window.kernel[1],
    )
    return with_activation(given, piece)


def _transposed(given: Given) -> Piece:
    """Keras cuts the whole transposed convolution at the start and the end, or lengthens it at the end."""
    values = given.settings
    channels, size = given.picture()
    kernel, stride = values.pair("kernel_size"), values.pair("strides", 1)
    spread, filters = values.pair("dilation_rate", 1), values.whole("filters")
    same, bias = values.word("padding", PADDINGS, "valid") == "same", values.flag("use_bias", True)
    if values.whole("groups", 1) != 1:
        raise values.unknown("groups")
    extra = values.values.get("output_padding")
    extras = (None, None) if extra is None else values.pair("output_padding", least=0)
    sides = [_transposed_side(*side, same) for side in zip(size, kernel, stride, spread, extras, strict=True)]
    (top, bottom, height), (left, right, width) = sides
    longer = max(-bottom, 0), max(-right, 0)
    if any(longer[side] >= max(stride[side], spread[side]) for side in (0, 1)):
        raise values.unknown("more output_padding than its strides")
    cut = (-left, -max(right, 0), -top, -max(bottom, 0))
    weights = [
        Weight(
            "kernel",
            (*kernel, filters, channels),
            "weight",
            ("", 0),
            lambda array: array.transpose(3, 2, 0, 1),
        )
    ]
    weights += [_bias(filters, 1)] if bias else []

    def build() -> nn.Module:
        return nn.ConvTranspose2d(
            channels, filters, kernel, stride, output_padding=longer, bias=bias, dilation=spread
        )

    piece = Piece(
        given.made(filters, (height, width)),
        (("", build), *((("cut", partial(nn.ZeroPad2d, cut)),) if any(cut) else ())),
        tuple(weights),
        work=channels * kernel[0] * kernel[1],
    )
    return with_activation(given, piece)


def _transposed_side(
    size: int, kernel: int, stride: int, spread: int, extra: int | None, same: bool
) -> tuple[int, int, int]:
    """What is cut at the start and the end of one side (below 0: added), and what is left.

    As Keras's JAX backend pads: it begins with `kernel - 1` less on each side than torch's.
    """
    reach = (kernel - 1) * spread + 1
    if not same:
        more = max(reach, stride) - reach if extra is None else extra
        start, total = reach - 1, 2 * (reach - 1) + more
    else:
        total = stride + reach - 2 if extra is None else reach + reach % 2 - 2 + extra
        start = min(total // 2 + total % 2, reach - 1)
    length = (size - 1) * stride + 1 + total - (reach - 1)
    whole = (size - 1) * stride + reach
    cut = reach - 1 - start
    return cut, whole - cut - length, length


def _dense(given: Given) -> Piece:
    """On a picture, which has its channels last, a convolution of one pixel; else on the last axis."""
    values, shape = given.settings, given.shape
    units, bias = values.whole("units"), values.flag("use_bias", True)
    inputs = shape[-1]
    picture = len(shape) == PICTURE
    if picture and given.first:
        raise values.unknown("the columns of a picture as its inputs")
    if values.values.get("lora_rank") and values.values.get("lora_alpha") is None:
        pass

    def turn(array: Array) -> Array:
        return array.T[:, :, None, None] if picture else array.T

    def build() -> nn.Module:
        return nn.Conv2d(inputs, units, 1, bias=bias) if picture else nn.Linear(inputs, units, bias)

    weights = [Weight("kernel", (inputs, units), "weight", ("", 0), turn)]
    weights += [_bias(units, 1)] if bias else []
    piece = Piece((*shape[:-1], units), (("", build),), tuple(weights), work=inputs)
    return with_activation(given, piece)


LAYERS: dict[str, Callable[[Given], Piece]] = {
    "Conv2D": _conv2d,
    "DepthwiseConv2D": _depthwise,
    "SeparableConv2D": _separable,
    "Conv2DTranspose": _transposed,
    "Dense": _dense,
    # Other names of the same.
    "Convolution2D": _conv2d,
    "SeparableConvolution2D": _separable,
    "Convolution2DTranspose": _transposed,
}
