"""What a layer of Keras becomes: torch modules one behind the other, the shape they give, and where weights go."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from models.checkpoints.keras.settings import Settings, damaged

if TYPE_CHECKING:
    from torch import nn

# Of one picture, in the order that Keras gives sizes, without the batch.
Shape = tuple[int, ...]
Array = np.ndarray[Any, np.dtype[Any]]
# Height, width and channels.
PICTURE = 3


@dataclass(frozen=True)
class Step:
    """One call of a module.

    Attributes:
        module: its name in the graph.
        reads: numbers of earlier values; 0 is the input.
        gives: number of its own.
        done: numbers that nobody reads any more.
    """

    module: str
    reads: tuple[int, ...]
    gives: int
    done: tuple[int, ...] = ()


@dataclass(frozen=True)
class Weight:
    """An array of the file that a module needs.

    Attributes:
        name: in Keras, with the layers within a layer before it: "kernel", "query/kernel".
        shape: in the file.
        target: name of the parameter or buffer, behind the module's own.
        turn: makes torch's order of the file's.
        place: where it is filed in a .keras file: folders within the layer's, and its number there.
        part: number of the module that it belongs to.
    """

    name: str
    shape: Shape
    target: str
    place: tuple[str, int]
    turn: Callable[[Array], Array] = lambda array: array
    part: int = 0


@dataclass(frozen=True)
class Piece:
    """A layer, translated.

    Attributes:
        shape: of what it gives, in Keras's order.
        modules: (what is added to the layer's name, how it is made), to be run in turn; the first reads the inputs.
        weights: that they need.
        fixed: parameter or buffer -> its value, where Keras keeps none: ("0.weight", shape, value).
        ignored: places in a .keras file, and names, that are kept and play no part.
        work: multiplications for each number that it gives.
    """

    shape: Shape
    modules: tuple[tuple[str, Callable[[], nn.Module]], ...] = ()
    weights: tuple[Weight, ...] = ()
    fixed: tuple[tuple[int, str, Shape, float | tuple[float, ...]], ...] = ()
    ignored: tuple[tuple[tuple[str, int], str], ...] = ()
    work: int = 1

    def then(self, *modules: tuple[str, Callable[[], nn.Module]]) -> Piece:
        """The same with more modules behind."""
        return Piece(self.shape, (*self.modules, *modules), self.weights, self.fixed, self.ignored, self.work)


@dataclass(frozen=True)
class Given:
    """What a layer is given.

    Attributes:
        settings: what the file says of it.
        shapes: of what it reads, in turn.
        first: whether channels come first in the file: pictures lie in Keras as they do in torch.
        args: of an operation: constants and shapes of what it reads, in turn.
        named: the same by name.
    """

    settings: Settings
    shapes: tuple[Shape, ...]
    first: bool = False
    args: tuple[Any, ...] = ()
    named: Mapping[str, Any] | None = None

    @property
    def shape(self) -> Shape:
        """Of the one thing that it reads."""
        if len(self.shapes) != 1:
            raise damaged(f"{self.settings.title} reads {len(self.shapes)} tensors instead of one")
        return self.shapes[0]

    def picture(self) -> tuple[int, tuple[int, int]]:
        """Channels, and height and width, of the one picture that it reads."""
        shape = self.shape
        if len(shape) != PICTURE:
            raise self.settings.unknown(f"a tensor of {len(shape)} dimensions where a picture goes in")
        self._check_order()
        return (shape[0], (shape[1], shape[2])) if self.first else (shape[2], (shape[0], shape[1]))

    def _check_order(self) -> None:
        order = self.settings.values.get("data_format")
        if order is not None and order != ("channels_first" if self.first else "channels_last"):
            raise self.settings.unknown(f"data_format={order!r} while others keep pictures otherwise")

    def made(self, channels: int, size: tuple[int, int]) -> Shape:
        """The shape of a picture in the file's order."""
        if min(channels, *size) < 1:
            raise damaged(f"{self.settings.title} gives a picture of no size")
        return (channels, *size) if self.first else (*size, channels)

    def axis(self, axis: int, rank: int) -> int:
        """An axis as Keras counts it, the batch's among them -> torch's, of a tensor of so many axes."""
        if not -rank <= axis < rank:
            raise damaged(f"{self.settings.title} reads axis {axis} of {rank}")
        return lies(axis % rank, rank, first=self.first)


def lies(axis: int, rank: int, *, first: bool) -> int:
    """Where an axis of Keras, not negative, lies in torch: pictures have their channels before their rows."""
    return axis if first or rank != PICTURE + 1 else (0, 2, 3, 1)[axis]


def turned(shape: Shape, *, first: bool) -> Shape:
    """A shape of Keras, without the batch, as it lies in torch."""
    return shape if first or len(shape) != PICTURE else (shape[2], shape[0], shape[1])


def numbers(shape: Shape) -> int:
    """How many numbers a tensor has."""
    return math.prod(shape)
