"""Layers that read several tensors and join them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from models.checkpoints.keras.later import modules, nn
from models.checkpoints.keras.piece import Given, Piece, Shape
from models.checkpoints.keras.settings import Settings, damaged


def joined(settings: Settings, shapes: Sequence[Shape]) -> Shape:
    """The shape of several tensors, number by number; where one has a single row it counts for all."""
    if len({len(shape) for shape in shapes}) > 1:
        raise settings.unknown("tensors of unequal numbers of dimensions")
    made = tuple(max(sizes) for sizes in zip(*shapes, strict=True))
    if any(size not in (1, whole) for shape in shapes for size, whole in zip(shape, made, strict=True)):
        raise damaged(f"{settings.title} reads tensors of shapes that do not fit each other")
    return made


def _merge(given: Given, build: Callable[[], nn.Module], exactly: int = 0) -> Piece:
    if not given.shapes or (exactly and len(given.shapes) != exactly):
        raise damaged(f"{given.settings.title} reads {len(given.shapes)} tensors")
    return Piece(joined(given.settings, given.shapes), (("", build),), work=len(given.shapes))


def concatenate(given: Given, axis: int) -> Piece:
    """All tensors behind each other along an axis, as Keras counts it."""
    shapes = given.shapes
    rank = len(shapes[0]) + 1 if shapes else 0
    dim = given.axis(axis, rank) if rank else 0
    place = axis % rank - 1 if rank else -1
    if place < 0 or any(len(shape) + 1 != rank for shape in shapes):
        raise damaged(f"{given.settings.title} puts tensors behind each other that do not fit")
    rests = {shape[:place] + shape[place + 1 :] for shape in shapes}
    if len(rests) > 1:
        raise damaged(f"{given.settings.title} puts tensors behind each other that do not fit")
    total = sum(shape[place] for shape in shapes)
    made = (*shapes[0][:place], total, *shapes[0][place + 1 :])
    return Piece(made, (("", partial(modules.Concatenate, dim)),))


def _concatenate(given: Given) -> Piece:
    axis = given.settings.values.get("axis", -1)
    if type(axis) is not int:
        raise given.settings.odd("axis")
    return concatenate(given, axis)


LAYERS: dict[str, Callable[[Given], Piece]] = {
    "Add": partial(_merge, build=modules.Add),
    "Average": partial(_merge, build=modules.Average),
    "Subtract": partial(_merge, build=modules.Subtract, exactly=2),
    "Multiply": partial(_merge, build=modules.Multiply),
    "Maximum": partial(_merge, build=modules.Maximum),
    "Minimum": partial(_merge, build=modules.Minimum),
    "Concatenate": _concatenate,
}
