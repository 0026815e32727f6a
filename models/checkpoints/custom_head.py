"""Heads that people put in the place of an architecture's own: some linear layers, read from names and shapes alone.

`fc = Sequential(Dropout, Linear)`, or several linear layers with normalisations between them. What has no weights
leaves no trace: between two linear layers an activation function is assumed, where their numbers leave room for one.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from models.checkpoints.known import CLASSES, Head
from models.checkpoints.signature import Shape, is_derived

if TYPE_CHECKING:
    from torch import nn

# Option of an architecture: the head that is in the place of its own; and of its activation function.
HEAD, ACTIVATION = "head", "activation"
# What is assumed to stand between its layers where nobody says otherwise.
USUAL_ACTIVATION = "relu"
# A head has no more layers with weights than this.
MOST_LAYERS = 12
# Containers by a name that hold nothing but the head.
HOLDERS = ("heads.head",)
NORMALISED = {"weight", "bias", "running_mean", "running_var"}


@dataclass(frozen=True)
class HeadLayer:
    """A layer of a head.

    Attributes:
        place: within the head; empty where it is all of it.
        kind: of layer; an activation stands for whichever is said to be between the layers.
        inputs: numbers that go in; 0 of an activation.
        outputs: numbers that come out.
        bias: whether it has one.
    """

    place: str
    kind: Literal["linear", "batch norm", "layer norm", "activation"]
    inputs: int = 0
    outputs: int = 0
    bias: bool = True


@dataclass(frozen=True)
class CustomHead:
    """A head as a file has it.

    Attributes:
        place: module of the architecture in whose place it stands.
        inputs: numbers that go in.
        layers: in the order in which they run; none where the file ends before its head.
    """

    place: str
    inputs: int
    layers: tuple[HeadLayer, ...]

    @property
    def classes(self) -> int:
        """Numbers that come out."""
        return self.layers[-1].outputs if self.layers else self.inputs

    @property
    def activated(self) -> bool:
        """Whether an activation function is assumed between its layers."""
        return any(layer.kind == "activation" for layer in self.layers)

    @property
    def widths(self) -> tuple[int, ...]:
        """Numbers that go into its linear layers, and those that come out of the last."""
        linear = [layer for layer in self.layers if layer.kind == "linear"]
        return (*(layer.inputs for layer in linear), self.classes)

    def has(self, name: str) -> bool:
        """Whether a tensor of that name is of this head."""
        return name.startswith(f"{self.place}.")


def custom_heads(head: Head, shapes: Mapping[str, Shape]) -> Iterator[CustomHead]:
    """What may stand in a file for an architecture's head, which is one linear layer.

    Args:
        head: of the architecture.
        shapes: name without wrappers -> shape, of all tensors of the file.
    """
    weights = [(name, shape) for name, shape in head if name.endswith("weight")]
    if len(weights) != 1 or len(head) > 2 or len(weights[0][1]) != 2 or weights[0][1][0] != CLASSES:
        return
    name, (_, width) = weights[0]
    for place in _places(name.removesuffix(".weight")):
        layers = _layers(place, width, shapes)
        if layers:
            yield CustomHead(place, width, layers)


def replaced_head(head: Head, shapes: Mapping[str, Shape], wanted: Mapping[str, Shape]) -> CustomHead | None:
    """What a file has in the place of all that holds an architecture's head, or of nothing; None where more differs.

    Args:
        head: of the architecture.
        shapes: name without wrappers -> shape, of all tensors of the file.
        wanted: the same of the architecture.
    """
    *_, place = _places(head[0][0].rpartition(".")[0])

    def rest(tensors: Mapping[str, Shape]) -> dict[str, Shape]:
        return {
            name: shape
            for name, shape in tensors.items()
            if not name.startswith(f"{place}.") and not is_derived(name)
        }

    own = sorted(set(wanted) - set(rest(wanted)), key=_in_turn)
    width = next((wanted[name][1] for name in own if len(wanted[name]) == 2), 0)
    if not width or rest(shapes) != rest(wanted):
        return None
    layers = _layers(place, width, shapes)
    left_out = not any(name.startswith(f"{place}.") for name in shapes)
    return CustomHead(place, width, layers) if layers or left_out else None


def _places(place: str) -> Iterator[str]:
    """The layer itself, and what holds nothing else: `classifier` of `classifier.1`."""
    yield place
    holder, _, last = place.rpartition(".")
    if holder and (last.isdigit() or place in HOLDERS):
        yield from _places(holder)


def _layers(place: str, width: int, shapes: Mapping[str, Shape]) -> tuple[HeadLayer, ...]:
    """The layers behind a place, into which so many numbers go; none where they do not follow from each other."""
    parts: dict[str, dict[str, Shape]] = {}
    for name, shape in shapes.items():
        if name.startswith(f"{place}.") and not is_derived(name):
            layer, _, parameter = name[len(place) + 1 :].rpartition(".")
            parts.setdefault(layer, {})[parameter] = shape
    pending = sorted(parts, key=_in_turn)
    if len(pending) > MOST_LAYERS:
        return ()
    numbered = all(re.fullmatch(r"[\d.]+", layer) for layer in pending)
    found: list[HeadLayer] = []
    while pending:
        # Names do not always tell the order: `bn1` follows `fc1`.
        read = (_layer(name, parts[name], width) for name in (pending[:1] if numbered else pending))
        following = next(filter(None, read), None)
        if following is None:
            return ()
        pending.remove(following.place)
        found.append(following)
        width = following.outputs
    return tuple(_with_activations(found)) if found and found[-1].kind == "linear" else ()


def _in_turn(name: str) -> list[str | int]:
    """Sorts `2` before `10`."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]


def _layer(place: str, parameters: Mapping[str, Shape], width: int) -> HeadLayer | None:
    """The layer with these parameters, if so many numbers can go into it."""
    weight = parameters.get("weight", ())
    bias = parameters.get("bias")
    if (
        len(weight) == 2
        and weight[1] == width
        and bias in (None, weight[:1])
        and {*parameters} <= {"weight", "bias"}
    ):
        return HeadLayer(place, "linear", width, weight[0], bias is not None)
    if all(shape == (width,) for shape in parameters.values()):
        if {*parameters} == NORMALISED:
            return HeadLayer(place, "batch norm", width, width)
        if {*parameters} == {"weight", "bias"}:
            return HeadLayer(place, "layer norm", width, width)
    return None


def _with_activations(layers: list[HeadLayer]) -> Iterator[HeadLayer]:
    """The layers with an activation between two linear ones, at the first number that is free, or by a name."""
    numbers = [int(layer.place) if layer.place.isdigit() else None for layer in layers]
    linear = [turn for turn, layer in enumerate(layers) if layer.kind == "linear"]
    room: dict[int, str] = {}  # turn of the layer before -> place of the activation
    for turn, following in itertools.pairwise(linear):
        for before in range(turn, following):
            number, after = numbers[before], numbers[before + 1]
            if number is None or after is None:
                holder, dot, _ = layers[turn].place.rpartition(".")
                room[following - 1] = f"{holder}{dot}activation{turn}"
                break
            if after > number + 1:
                room[before] = str(number + 1)
                break
    for turn, layer in enumerate(layers):
        yield layer
        if turn in room:
            yield HeadLayer(room[turn], "activation")


def with_head(module: nn.Module, head: CustomHead, activation: str) -> nn.Module:
    """The network with that head in the place of its own.

    Args:
        module: as its library builds it.
        head: of the file.
        activation: between its layers; a name of ACTIVATIONS.
    """
    from torch import nn

    from models.zoo.small.activation import build_activation

    def build(layer: HeadLayer) -> nn.Module:
        match layer.kind:
            case "linear":
                return nn.Linear(layer.inputs, layer.outputs, bias=layer.bias)
            case "batch norm":
                return nn.BatchNorm1d(layer.inputs)
            case "layer norm":
                return nn.LayerNorm(layer.inputs)
        return build_activation(activation)

    whole: nn.Module = nn.Sequential() if head.layers else nn.Identity()
    for layer in head.layers:
        if not layer.place:
            whole = build(layer)
            break
        *holders, last = layer.place.split(".")
        inner = whole
        for holder in holders:
            if not hasattr(inner, holder):
                inner.add_module(holder, nn.Sequential())
            inner = inner.get_submodule(holder)
        inner.add_module(last, build(layer))
    holder, _, last = head.place.rpartition(".")
    setattr(module.get_submodule(holder), last, whole)
    return module
