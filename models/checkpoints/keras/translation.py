"""A Keras network as a plan of torch modules: every size worked out and bounded before anything is built."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from models.checkpoints.keras.configuration import INPUT, Call, Layer, Network, Reference
from models.checkpoints.keras.later import RESERVED, modules
from models.checkpoints.keras.layers import LAYERS, OLDER, OPERATIONS
from models.checkpoints.keras.layers.shaping import reshape
from models.checkpoints.keras.piece import PICTURE, Array, Given, Piece, Shape, Step, Weight, numbers
from models.checkpoints.keras.settings import INSTEAD, Settings, damaged, shown
from models.checkpoints.limits import MOST_ALL, MOST_NUMBERS, MOST_WORK, RefusalError

if TYPE_CHECKING:
    from torch import nn

# Numbers of scales and offsets that a normalisation leaves out, which no array of the file accounts for.
MOST_FIXED = 2**24
# Layers whose class is not read: what it does, so that the sentence says more than its name.
CODE = {"Lambda": "code of its maker (Lambda)"}
SHARED = "build the network with a layer of its own for each use, give them the same weights, and save that as .keras"


@dataclass(frozen=True)
class Placed:
    """An array that is needed: where it goes, and where it comes from.

    Attributes:
        name: of the parameter or buffer in torch, from the outermost network on.
        weight: what it is.
        layers: names of the layers around it, the outermost first.
        folder: of the innermost in a .keras file.
    """

    name: str
    weight: Weight
    layers: tuple[str, ...]
    folder: str


@dataclass(frozen=True)
class Plan:
    """A network that can be built.

    Attributes:
        modules: name -> how it is made, or the plan of a network within.
        steps: how they are run.
        last: number of the value that comes out.
        shape: of that, in Keras's order, without the batch.
        placed: arrays that it needs.
        fixed: name in torch -> shape and value of what Keras keeps no array for.
        ignored: (layers, folder, place, name) of arrays that are kept and play no part.
        total: numbers that all layers give for one picture.
        work: multiplications for one picture.
    """

    modules: Mapping[str, Callable[[], nn.Module] | Plan]
    steps: tuple[Step, ...]
    last: int
    shape: Shape
    placed: tuple[Placed, ...]
    fixed: Mapping[str, tuple[Shape, float | tuple[float, ...]]]
    ignored: tuple[tuple[tuple[str, ...], str, tuple[str, int], str], ...]
    total: int
    work: int

    def build(self) -> nn.Module:
        """The network, its weights not worth anything."""
        layers = {
            name: build.build() if isinstance(build, Plan) else build()
            for name, build in self.modules.items()
        }
        return modules.Graph(layers, self.steps, self.last)

    def fixed_arrays(self) -> dict[str, Array]:
        """What Keras keeps no array for, such as a scale of 1 that a normalisation leaves out."""
        return {name: np.full(shape, value, "float32") for name, (shape, value) in self.fixed.items()}


def is_channels_first(network: Network) -> bool:
    """Whether pictures have their channels first in a file."""
    orders = {order for order in _orders(network) if order}
    return orders == {"channels_first"}


def _orders(network: Network) -> set[Any]:
    orders: set[Any] = set()
    for layer in network.layers:
        if layer.network is not None:
            orders |= _orders(layer.network)
        elif layer.settings.kind != "Flatten" and isinstance(layer.settings.values.get("data_format"), str):
            orders.add(layer.settings.values["data_format"])
    return orders


def plan(network: Network, size: Shape, *, first: bool) -> Plan:
    """How a network is built.

    Args:
        network: as it was parsed.
        size: of what goes in, in Keras's order, without the batch.
        first: whether pictures have their channels first in the file.

    Raises:
        RefusalError: if it has a layer that is not translated, sizes that do not fit, or asks for more than a page can
            compute; names the layer.
    """
    whole = _Planner(network, first, (), "").plan(size, _laid(network, size, first=first))
    fixed = sum(numbers(shape) for shape, _ in whole.fixed.values())
    if fixed > MOST_FIXED:
        raise RefusalError(
            f"asks for {fixed:,} numbers that it does not hold, more than {MOST_FIXED:,}; save it with the scales and "
            "offsets of its normalisations"
        )
    return whole


class _Planner:
    """Goes through the layers of one network in the order in which they can be run."""

    def __init__(self, network: Network, first: bool, outer: tuple[str, ...], folder: str) -> None:
        self.network, self.first, self.outer = network, first, outer
        self.folders = _folders(network, folder)
        self.modules: dict[str, Callable[[], nn.Module] | Plan] = {}
        self.steps: list[Step] = []
        self.shapes: list[Shape] = []
        self.placed: list[Placed] = []
        self.fixed: dict[str, tuple[Shape, float | tuple[float, ...]]] = {}
        self.ignored: list[tuple[tuple[str, ...], str, tuple[str, int], str]] = []
        self.total = self.work = 0

    def plan(self, size: Shape, laid: Shape = ()) -> Plan:
        """The plan, given the shape of what goes in, and of what its layers read of that where it is another."""
        self.shapes = [size]
        self._count(size, 0)
        # What a layer gave in a call -> number of the value.
        values = {self.network.entry: 0}
        if laid:
            values[self.network.entry] = self._lay(size, laid)
        for wanted, layer, number in _in_order(self.network):
            call = layer.calls[number]
            reads = tuple(values[one] for one in call.read)
            values[wanted] = self._run(layer, call, reads)
        last = values[self.network.exit]
        return Plan(
            self.modules,
            _with_done(self.steps, last),
            last,
            self.shapes[last],
            tuple(self.placed),
            self.fixed,
            tuple(self.ignored),
            self.total,
            self.work,
        )

    def _lay(self, size: Shape, laid: Shape) -> int:
        """Add what turns a picture into the rows or the list that the network reads; the number of that."""
        name = self.network.entry.layer
        piece = reshape(Given(Settings(name, INPUT, {}), (size,), self.first), laid)
        ((_, build),) = piece.modules
        self._step(self._name(name, ""), build, (0,), laid)
        return len(self.shapes) - 1

    def _run(self, layer: Layer, call: Call, reads: tuple[int, ...]) -> int:
        """Add one call of a layer; the number of what it gives."""
        shapes = tuple(self.shapes[read] for read in reads)
        if layer.network is not None:
            return self._run_network(layer, layer.network, shapes, reads)
        settings = layer.settings
        given = Given(settings, shapes, self.first, call.args, call.named)
        piece = self._translate(layer, given)
        if piece.weights and len(layer.calls) > 1:
            raise RefusalError(f"uses the weights of {settings.title} in {len(layer.calls)} places; {SHARED}")
        self._count(piece.shape, piece.work)
        names = [self._name(settings.layer, suffix) for suffix, _ in piece.modules]
        for name, (_, build) in zip(names, piece.modules, strict=True):
            self._step(name, build, reads, piece.shape)
            reads = (len(self.shapes) - 1,)
        around, folder = (*self.outer, settings.layer), self.folders.get(settings.layer, "")
        for weight in piece.weights:
            _check_array(settings.title, weight)
            self.placed.append(Placed(f"{names[weight.part]}.{weight.target}", weight, around, folder))
        for part, target, shape, value in piece.fixed:
            self.fixed[f"{names[part]}.{target}"] = (shape, value)
        self.ignored += [(around, folder, place, name) for place, name in piece.ignored]
        return reads[0]

    def _run_network(
        self, layer: Layer, network: Network, shapes: tuple[Shape, ...], reads: tuple[int, ...]
    ) -> int:
        name = layer.settings.layer
        if len(layer.calls) > 1:
            raise RefusalError(
                f"uses the weights of {layer.settings.title} in {len(layer.calls)} places; {SHARED}"
            )
        if len(shapes) != 1:
            raise damaged(f"{layer.settings.title} reads {len(shapes)} tensors instead of one")
        inner = _Planner(network, self.first, (*self.outer, name), self.folders.get(name, "")).plan(shapes[0])
        module = self._name(name, "")
        self._step(module, inner, reads, inner.shape)
        self.placed += [replace(one, name=f"{module}.{one.name}") for one in inner.placed]
        self.fixed |= {f"{module}.{target}": value for target, value in inner.fixed.items()}
        self.ignored += inner.ignored
        self._spend(inner.total, inner.work)
        return len(self.shapes) - 1

    def _translate(self, layer: Layer, given: Given) -> Piece:
        settings = layer.settings
        kind = settings.kind
        if layer.is_operation:
            kind = OLDER.get(str(settings.values.get("function")), kind) if "Lambda" in kind else kind
            translate = OPERATIONS.get(kind)
        else:
            translate = LAYERS.get(kind)
        if translate is None:
            if kind in CODE:
                raise RefusalError(
                    f"has {CODE[kind]} in layer {shown(settings.layer)}, and nothing in a file is run; "
                    f"{INSTEAD}"
                )
            raise RefusalError(f"has a layer of a class that is not translated: {settings.title}; {INSTEAD}")
        return translate(given)

    def _step(
        self, name: str, build: Callable[[], nn.Module] | Plan, reads: tuple[int, ...], shape: Shape
    ) -> None:
        self.modules[name] = build
        self.shapes.append(shape)
        self.steps.append(Step(name, reads, len(self.shapes) - 1))

    def _name(self, layer: str, suffix: str) -> str:
        """A name for a module that no other has: the layer's own, or with what was added."""
        name = shown(layer).replace(".", "_").replace("/", "_") + (f"_{suffix}" if suffix else "")
        own = {one.settings.layer for one in self.network.layers}
        while name in self.modules or name in RESERVED or (suffix and name in own):
            name += "_"
        return name

    def _count(self, shape: Shape, work: int) -> None:
        many = numbers(shape)
        if not shape or min(shape) < 1:
            raise damaged("a layer gives nothing")
        if many > MOST_NUMBERS:
            raise RefusalError(
                f"has a layer that gives {many:,} numbers for one picture, more than {MOST_NUMBERS:,}; drop one that "
                "reads smaller pictures"
            )
        self._spend(many, many * work)

    def _spend(self, total: int, work: int) -> None:
        self.total += total
        self.work += work
        if self.total > MOST_ALL or self.work > MOST_WORK:
            raise RefusalError(
                f"asks for {max(self.total, self.work):,} numbers to be worked out for one picture, more than a page "
                "can wait for; drop one that reads smaller pictures"
            )


def _in_order(network: Network) -> list[tuple[Reference, Layer, int]]:
    """What the output needs, with the layer and which of its calls gives it, each behind what it reads."""
    layers = {layer.settings.layer: layer for layer in network.layers}
    order: list[tuple[Reference, Layer, int]] = []
    done: set[Reference] = {network.entry}
    begun: set[Reference] = set()
    pending = [network.exit]
    while pending:
        wanted = pending[-1]
        if wanted in done:
            pending.pop()
            continue
        layer = layers.get(wanted.layer)
        number = -1 if layer is None else layer.turn(wanted)
        if layer is None or not 0 <= number < len(layer.calls) or layer.settings.kind == INPUT:
            raise damaged(f"it reads what no layer gives ({shown(wanted.layer)})")
        if wanted.tensor != 0:
            raise layer.settings.unknown("several outputs")
        missing = [one for one in layer.calls[number].read if one not in done]
        if not missing:
            order.append((wanted, layer, number))
            done.add(wanted)
            pending.pop()
        elif wanted in begun:
            raise damaged("its layers read each other in a circle")
        else:
            begun.add(wanted)
            pending += missing
    return order


def _with_done(steps: list[Step], last: int) -> tuple[Step, ...]:
    """The steps, each with the numbers that nobody reads behind it."""
    latest = {read: place for place, step in enumerate(steps) for read in step.reads}
    return tuple(
        replace(
            step, done=tuple(sorted({read for read in step.reads if latest[read] == place and read != last}))
        )
        for place, step in enumerate(steps)
    )


def _folders(network: Network, outer: str) -> dict[str, str]:
    """Layer -> its folder in a .keras file: by class and turn among all layers, operations left out."""
    turns: Counter[str] = Counter()
    folders = {}
    for layer in network.layers:
        if layer.is_operation or (network.sequential and layer.settings.kind == INPUT):
            continue
        kind = _snake(layer.settings.kind)
        turn = turns[kind]
        turns[kind] += 1
        folders[layer.settings.layer] = f"{outer}/layers/{kind}{f'_{turn}' if turn else ''}".lstrip("/")
    return folders


def _snake(name: str) -> str:
    """As Keras makes folders of classes: MaxPooling2D -> max_pooling2d."""
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def _check_array(title: str, weight: Weight) -> None:
    if weight.shape and min(weight.shape) < 1:
        raise damaged(f"{title} has an array of no size")


def input_size(network: Network, size: tuple[int, int] | None, *, first: bool) -> Shape:
    """What goes in, in the file's order: as the file says, and where that leaves it open, of that height and width.

    Rows of pixels without channels are a grey picture, and so is a list as long as a square has pixels.

    Raises:
        RefusalError: if it reads no pictures.
    """
    said = network.size
    grey = _square(said) if len(said) == 1 else (*said, 1) if len(said) == 2 else said
    if len(grey) != PICTURE:
        raise RefusalError(
            f"reads {' x '.join(str(one or 'any') for one in said)} numbers and no pictures of height, width and "
            "channels; drop one that reads pictures"
        )
    if first and grey is not said:
        grey = (grey[2], *grey[:2])
    channels = grey[0] if first else grey[2]
    if channels is None:
        raise RefusalError(
            "does not say how many channels its pictures have; save it with shape=(None, None, 3)"
        )
    sides = grey[1:] if first else grey[:2]
    height, width = (
        own or asked for own, asked in zip(sides, size or (DEFAULT_SIDE, DEFAULT_SIDE), strict=True)
    )
    return (channels, height, width) if first else (height, width, channels)


def _square(said: tuple[int | None, ...]) -> tuple[int | None, ...]:
    """Height, width and channels of the square picture, grey or in colour, that is a list of so many numbers."""
    for channels in (1, 3):
        side = math.isqrt((said[0] or 0) // channels)
        if side >= SMALLEST_SIDE and side * side * channels == said[0]:
            return side, side, channels
    return said


def _laid(network: Network, size: Shape, *, first: bool) -> Shape:
    """The shape of what a network's layers read of a picture of that size; empty where it is the picture."""
    if len(network.size) == PICTURE:
        return ()
    return (numbers(size),) if len(network.size) == 1 else size[1:] if first else size[:2]


# Of a network that takes pictures of any size, until somebody says one.
DEFAULT_SIDE = 224
# Of a list of numbers that may be a picture: fewer are rather measurements.
SMALLEST_SIDE = 16
