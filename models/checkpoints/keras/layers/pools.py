"""Pooling: windows, the whole picture, and to a number of places."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from models.checkpoints.keras.later import modules, nn
from models.checkpoints.keras.layers.convolutions import PADDINGS
from models.checkpoints.keras.layers.padding import Window
from models.checkpoints.keras.piece import PICTURE, Given, Piece, Shape
from models.checkpoints.keras.settings import damaged


def _pool(given: Given) -> tuple[Shape, Window]:
    values = given.settings
    channels, size = given.picture()
    kernel = values.pair("pool_size", 2)
    stride = kernel if values.values.get("strides") is None else values.pair("strides")
    window = Window(size, kernel, stride, same=values.word("padding", PADDINGS, "valid") == "same")
    if min(window.places) < 1:
        raise damaged(f"{values.title} has a window larger than the picture that it is given")
    return given.made(channels, window.places), window


def _piece(shape: Shape, window: Window, *modules_of: tuple[str, Callable[[], nn.Module]]) -> Piece:
    return Piece(shape, modules_of, work=window.kernel[0] * window.kernel[1])


def _max_pooling(given: Given) -> Piece:
    shape, window = _pool(given)
    if window.fits_ceiling or not window.same:
        build = partial(nn.MaxPool2d, window.kernel, window.stride, window.before, ceil_mode=not window.even)
        return _piece(shape, window, ("", build))
    # The smallest number there is instead of minus infinity, whose differences are no numbers.
    pad = partial(nn.ConstantPad2d, window.sides, float(np.finfo(np.float32).min))
    return _piece(shape, window, ("pad", pad), ("", partial(nn.MaxPool2d, window.kernel, window.stride)))


def _average_pooling(given: Given) -> Piece:
    shape, window = _pool(given)
    if window.fits_ceiling or not window.same:
        build = partial(
            nn.AvgPool2d,
            window.kernel,
            window.stride,
            window.before,
            ceil_mode=not window.even,
            count_include_pad=False,
        )
        return _piece(shape, window, ("", build))
    return _piece(shape, window, ("", partial(modules.SamePool, window.kernel, window.stride, window.sides)))


def _whole_picture(given: Given, mean: bool) -> Piece:
    channels, _ = given.picture()
    keep = given.settings.flag("keepdims")
    build = partial(nn.AdaptiveAvgPool2d if mean else nn.AdaptiveMaxPool2d, 1)
    if keep:
        return Piece(given.made(channels, (1, 1)), (("", build),))
    return Piece((channels,), (("", build), ("flat", nn.Flatten)))


def _whole_row(given: Given, mean: bool) -> Piece:
    """Over the steps of a sequence, (steps, features)."""
    shape, values = given.shape, given.settings
    if len(shape) != PICTURE - 1:
        raise values.unknown(f"a tensor of {len(shape)} dimensions where a sequence goes in")
    axis = 2 if values.values.get("data_format") == "channels_first" else 1
    features, keep = shape[2 - axis], values.flag("keepdims")
    build = partial(modules.Mean if mean else modules.Largest, (axis,), keep=keep)
    kept = (1, features) if axis == 1 else (features, 1)
    return Piece(kept if keep else (features,), (("", build),))


def _adaptive(given: Given, build: Callable[..., nn.Module]) -> Piece:
    channels, size = given.picture()
    places = given.settings.pair("output_size")
    work = (size[0] // places[0] + 1) * (size[1] // places[1] + 1)
    return Piece(given.made(channels, places), (("", partial(build, places)),), work=work)


LAYERS: dict[str, Callable[[Given], Piece]] = {
    "MaxPooling2D": _max_pooling,
    "AveragePooling2D": _average_pooling,
    "GlobalAveragePooling2D": partial(_whole_picture, mean=True),
    "GlobalMaxPooling2D": partial(_whole_picture, mean=False),
    "GlobalAveragePooling1D": partial(_whole_row, mean=True),
    "GlobalMaxPooling1D": partial(_whole_row, mean=False),
    "AdaptiveAveragePooling2D": partial(_adaptive, build=nn.AdaptiveAvgPool2d),
    "AdaptiveMaxPooling2D": partial(_adaptive, build=nn.AdaptiveMaxPool2d),
    # Other names of the same.
    "MaxPool2D": _max_pooling,
    "AvgPool2D": _average_pooling,
    "GlobalAvgPool2D": partial(_whole_picture, mean=True),
    "GlobalMaxPool2D": partial(_whole_picture, mean=False),
}
