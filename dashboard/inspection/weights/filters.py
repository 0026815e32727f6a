"""Kernels as small pictures: what a unit looks for, where its inputs lie beside each other."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from torch import Tensor

from dashboard.records.weights import Filters, TensorFacts

# A picture's sides, or its colours and sides: how a row of a matrix is folded.
Fold = tuple[int, ...]
# Tiles, and what each is called.
Cut = tuple[Tensor | Sequence[Tensor], Callable[[int], str]]


@dataclass(frozen=True)
class Way:
    """One way to cut a tensor into tiles.

    Attributes:
        title: of the choice.
        needs: what must be chosen first: "unit", "input" or nothing.
        cut: the tensor, the chosen number and the fold -> tiles, without a copy of the whole, and their labels.
    """

    title: str
    needs: str
    cut: Callable[[Tensor, int, Fold | None], Cut]


def _each(tensor: Tensor, _: int, __: Fold | None) -> Cut:
    inputs = math.prod(tensor.shape[1:-2])
    tiles = tensor.flatten(0, -3)  # (out * in, h, w)
    return tiles, str if inputs == 1 else lambda place: f"{place // inputs}:{place % inputs}"


def _as_pictures(tensor: Tensor, _: int, fold: Fold | None) -> Cut:
    assert fold is not None
    tiles = tensor.view(len(tensor), *fold)
    return (tiles.movedim(1, -1) if len(fold) == 3 else tiles), str


def _matrix(tensor: Tensor, _: int, __: Fold | None) -> Cut:
    rows = tensor.flatten(1)  # (out, in)
    height, width = rows.shape
    corners = [(top, left) for top in range(0, height, BLOCK[0]) for left in range(0, width, BLOCK[1])]

    def label(place: int) -> str:
        top, left = corners[place]
        units = f"{top} to {min(top + BLOCK[0], height) - 1}"
        return units if width <= BLOCK[1] else f"{units} : {left} to {min(left + BLOCK[1], width) - 1}"

    return [rows[top : top + BLOCK[0], left : left + BLOCK[1]] for top, left in corners], label


# Rows and columns of a matrix that are one tile.
BLOCK = (128, 1536)
WAYS: dict[str, Way] = {
    "colour": Way("In colour", "", lambda tensor, _, __: (tensor.movedim(1, -1), str)),
    "each": Way("Each kernel", "", _each),
    "unit": Way("Kernels of one unit", "unit", lambda tensor, unit, _: (tensor[unit].flatten(0, -3), str)),
    "input": Way(
        "Kernels on one input", "input", lambda tensor, place, _: (tensor[:, place].flatten(0, -3), str)
    ),
    "images": Way("As pictures", "", _as_pictures),
    "matrix": Way("As a matrix", "", _matrix),
}


def ways(facts: TensorFacts, fold: Fold | None = None) -> tuple[str, ...]:
    """The names of the ways in which a weight can be drawn, the best first.

    Args:
        facts: of a tensor with the role of a weight.
        fold: of a matrix whose inputs are the pixels of a picture.
    """
    shape = facts.shape
    if len(shape) >= 4 and math.prod(shape[-2:]) > 1:
        if shape[1] == 3 and len(shape) == 4:
            return ("colour", "each")
        return ("each",) if math.prod(shape[1:-2]) == 1 else ("unit", "input", "each")
    return ("images", "matrix") if fold is not None else ("matrix",)


def fold_of(facts: TensorFacts, known: tuple[TensorFacts, ...], pixels: Fold | None = None) -> Fold | None:
    """How the inputs of a dense layer lie in a picture, or None.

    Args:
        facts: of the layer's weight.
        known: all tensors of the network in order.
        pixels: channels, height and width of the network's input, if they are known.

    Returns:
        (height, width), or (3, height, width) for colours.
    """
    if len(facts.shape) != 2:
        return None
    inputs = facts.shape[1]
    if pixels is not None:
        if inputs != math.prod(pixels):
            return None
        return pixels[1:] if pixels[0] == 1 else pixels if pixels[0] == 3 else None
    # Without a network: only the first layer of one that has no convolution reads pixels, and pictures are square.
    weights = [other for other in known if other.role == "weight"]
    if any(len(other.shape) > 2 for other in weights) or weights[0] != facts:
        return None
    for colours in (1, 3):
        side = math.isqrt(inputs // colours)
        if side >= 8 and colours * side * side == inputs:
            return (side, side) if colours == 1 else (3, side, side)
    return None


def count(facts: TensorFacts, way: str) -> int:
    """How many tiles there are."""
    shape = facts.shape
    depth = math.prod(shape[2:-2]) if len(shape) > 4 else 1
    return {
        "each": math.prod(shape[:-2]),
        "unit": shape[1] * depth,
        "input": shape[0] * depth,
        "matrix": -(-shape[0] // BLOCK[0]) * -(-math.prod(shape[1:]) // BLOCK[1]),
    }.get(way, shape[0])


def filters(
    tensor: Tensor,
    way: str,
    *,
    number: int = 0,
    fold: Fold | None = None,
    first: int = 0,
    behind: int | None = None,
) -> Filters:
    """Tiles of a weight.

    Args:
        tensor: (out, in, ...).
        way: name in WAYS.
        number: of the unit or the input, where the way needs one.
        fold: of a row, where the way needs it.
        first: tile shown.
        behind: the last tile shown; None for all.
    """
    tiles, label = WAYS[way].cut(tensor.detach(), number, fold)
    shown = tiles[first:behind]
    labels = tuple(label(first + place) for place in range(len(shown)))
    return Filters(tuple(tile.float().numpy() for tile in shown), labels, len(tiles))
