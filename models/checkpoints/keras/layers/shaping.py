"""Layers that move numbers and compute none: flattened, reshaped, padded, cut, enlarged."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial

from models.checkpoints.keras.later import modules, nn
from models.checkpoints.keras.piece import PICTURE, Given, Piece, numbers
from models.checkpoints.keras.settings import damaged


def _flatten(given: Given) -> Piece:
    shape = given.shape
    order = given.settings.values.get("data_format")
    if len(shape) > 1 and order == "channels_first" and not given.first:
        raise given.settings.unknown("channels_first among layers that are not")
    if given.first and len(shape) == PICTURE:
        # Keras itself flattens in the order of rows, columns, channels whatever comes first in the file.
        whole = order != "channels_first" or shape[1:] == (1, 1)
        return Piece((numbers(shape),), (("", nn.Flatten if whole else modules.FlattenLast),))
    plain = len(shape) != PICTURE or shape[:2] == (1, 1) or shape[2] == 1
    return Piece((numbers(shape),), (("", nn.Flatten if plain else modules.FlattenLast),))


def reshape(given: Given, target: Sequence[int]) -> Piece:
    """The same numbers in another shape, without the batch, in which one size may be -1."""
    shape = given.shape
    known = math.prod(size for size in target if size != -1)
    if list(target).count(-1) > 1 or any(size < 1 and size != -1 for size in target) or not target:
        raise damaged(f"{given.settings.title} gives a shape that is none")
    rest, left = divmod(numbers(shape), known)
    made = tuple(rest if size == -1 else size for size in target)
    if left or numbers(made) != numbers(shape):
        raise damaged(f"{given.settings.title} gives other numbers than it reads")
    before, after = (not given.first and len(one) == PICTURE for one in (shape, made))
    if made == shape:
        return Piece(made, (("", nn.Identity),))
    if len(made) == 1:
        plain = not before or shape[:2] == (1, 1) or shape[2] == 1
        return Piece(made, (("", nn.Flatten if plain else modules.FlattenLast),))
    return Piece(made, (("", partial(modules.Reshape, made, before=before, after=after)),))


def _reshape(given: Given) -> Piece:
    return reshape(given, given.settings.wholes("target_shape"))


def permute(given: Given, order: Sequence[int]) -> Piece:
    """Axes in another order, the batch's first among them, as Keras counts."""
    shape = given.shape
    rank = len(shape) + 1
    if sorted(order) != list(range(rank)) or order[0] != 0:
        raise given.settings.odd("dims")
    made = tuple(shape[axis - 1] for axis in order[1:])
    # Where each axis of the result, as it lies in torch, comes from.
    laid = [0] * rank
    for place, axis in enumerate(order):
        laid[given.axis(place, rank)] = given.axis(axis, rank)
    return Piece(made, (("", partial(modules.Permute, laid)),))


def _permute(given: Given) -> Piece:
    return permute(given, (0, *given.settings.wholes("dims", 1)))


def _repeat(given: Given) -> Piece:
    if len(given.shape) != 1:
        raise given.settings.unknown("a picture to be repeated")
    times = given.settings.whole("n")
    return Piece((times, *given.shape), (("", partial(modules.Repeat, times)),))


def _pad(given: Given, sign: int) -> Piece:
    channels, (height, width) = given.picture()
    (top, bottom), (left, right) = given.settings.margins("padding" if sign > 0 else "cropping")
    made = given.made(channels, (height + sign * (top + bottom), width + sign * (left + right)))
    sides = (sign * left, sign * right, sign * top, sign * bottom)
    return Piece(made, (("", partial(nn.ZeroPad2d, sides)),))


def _enlarge(given: Given) -> Piece:
    channels, size = given.picture()
    by = given.settings.pair("size", 2)
    made = size[0] * by[0], size[1] * by[1]
    how = given.settings.values.get("interpolation", "nearest")
    if how not in ("nearest", "bilinear"):
        # Keras's own backends differ: what a bicubic curve is depends on who runs it.
        raise given.settings.unknown(f"interpolation {how!r}")
    return Piece(given.made(channels, made), (("", partial(modules.Resize, made, how)),))


LAYERS: dict[str, Callable[[Given], Piece]] = {
    "Flatten": _flatten,
    "Reshape": _reshape,
    "Permute": _permute,
    "RepeatVector": _repeat,
    "ZeroPadding2D": partial(_pad, sign=1),
    "Cropping2D": partial(_pad, sign=-1),
    "UpSampling2D": _enlarge,
}
