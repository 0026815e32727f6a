"""What each tensor of a set of weights is, told from its name and shape, and from the module where there is one."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping

import torch
from torch import Tensor, nn
from torch.nn.modules.conv import _ConvTransposeNd

from dashboard.records.weights import Role, TensorFacts

# What is read at a time: small enough for a core's own cache, and just less than what torch would share out among
# threads, whose waiting for each other was measured to cost ten times the work on a busy machine.
CHUNK = (1 << 15) - 64
STATISTICS = ("running_mean", "running_var")
# Names of what a norm layer multiplies by, and of what is added.
SCALES = ("weight", "gamma", "scale", "g")
SHIFTS = ("bias", "beta", "b")
DENSE = {1: "vector", 2: "dense", 3: "convolution, 1-D", 4: "convolution", 5: "convolution, 3-D"}


def facts(tensors: Mapping[str, Tensor], module: nn.Module | None = None) -> tuple[TensorFacts, ...]:
    """What each tensor is, in the order of the network, or by name where that is not known.

    Args:
        tensors: qualified name -> tensor.
        module: the network that they belong to, if it is known.
    """
    # Asked for one by one: a file on disk need not be in memory at once.
    shapes = {name: tuple(tensors[name].shape) for name in tensors}
    layers = dict(module.named_modules()) if module is not None else {}
    return tuple(_facts(name, tensors[name], shapes, layers) for name in _order(tensors, module))


def _order(tensors: Mapping[str, Tensor], module: nn.Module | None) -> list[str]:
    """Names in the order of the network; a file sorts them otherwise, block 10 before block 2."""
    places: dict[str, int] = {}
    for place, name in enumerate({} if module is None else module.state_dict()):
        # Also of the layer: what is computed of other tensors has no place of its own.
        places[name] = place
        layer, parametrised, _ = name.partition(".parametrizations.")
        places.setdefault(f"{layer if parametrised else name.rpartition('.')[0]}.", place)

    def place_of(name: str) -> int:
        return places.get(name, places.get(f"{name.rpartition('.')[0]}.", len(places)))

    return sorted(tensors, key=lambda name: (place_of(name), *_by_layer(name)))


def _by_layer(name: str) -> tuple[object, ...]:
    """A key by which a layer's weight comes before its other tensors."""
    layer, _, last = name.rpartition(".")
    return natural_key(layer or last), last not in SCALES, last


def natural_key(name: str) -> list[tuple[int, int, str]]:
    """A key by which block 10 comes after block 2."""
    parts = re.split(r"([0-9]+)", name)
    return [(index % 2, int(part) if index % 2 else 0, part) for index, part in enumerate(parts)]


def _facts(
    name: str, tensor: Tensor, shapes: Mapping[str, tuple[int, ...]], layers: Mapping[str, nn.Module]
) -> TensorFacts:
    owner = name.rpartition(".")[0]
    layer = layers.get(owner) if owner else None
    role = _role(name, tensor, shapes)
    return TensorFacts(
        name=name,
        layer=owner or name,
        role=role,
        kind=type(layer).__name__.removeprefix("Parametrized")
        if layer is not None
        else _kind(name, shapes, role),
        dtype=str(tensor.dtype).removeprefix("torch."),
        shape=shapes[name],
        fans=_fans(shapes[name], transposed=isinstance(layer, _ConvTransposeNd))
        if role == "weight"
        else None,
    )


def _role(name: str, tensor: Tensor, shapes: Mapping[str, tuple[int, ...]]) -> Role:
    owner, _, last = name.rpartition(".")
    shape = shapes[name]
    if last in STATISTICS:
        return "statistic"
    if not tensor.is_floating_point():
        return "other"
    if len(shape) > 1:
        return "weight" if last.endswith("weight") or (shape[0] > 1 and "bias" not in last) else "other"
    if len(shape) == 1 and last in SCALES:
        return "norm"
    if len(shape) == 1 and last.endswith(SHIFTS):
        return "norm" if is_norm(owner, shapes) else "bias"
    return "other"


def is_norm(layer: str, shapes: Mapping[str, tuple[int, ...]]) -> bool:
    """Whether a layer has one factor for each channel, as norm layers have, or running statistics."""
    prefix = f"{layer}." if layer else ""
    scaled = any(len(shapes.get(f"{prefix}{scale}", ())) == 1 for scale in SCALES)
    return scaled or any(f"{prefix}{statistic}" in shapes for statistic in STATISTICS)


def is_batch_norm(layer: str, names: Mapping[str, object]) -> bool:
    """Whether a layer keeps running statistics."""
    return all(f"{layer}.{statistic}" in names for statistic in STATISTICS)


def _kind(name: str, shapes: Mapping[str, tuple[int, ...]], role: Role) -> str:
    owner = name.rpartition(".")[0]
    if role in ("norm", "statistic"):
        return "batch norm" if is_batch_norm(owner, shapes) else "norm"
    shape = next(
        (shapes[key] for key in (f"{owner}.weight", name) if len(shapes.get(key, ())) > 1), shapes[name]
    )
    return DENSE.get(len(shape), "tensor")


def _fans(shape: tuple[int, ...], *, transposed: bool = False) -> tuple[int, int]:
    """Numbers into and out of one unit, as torch counts them for (out, in, ...)."""
    outputs, inputs, field = shape[0], shape[1], math.prod(shape[2:])
    return (outputs * field, inputs * field) if transposed else (inputs * field, outputs * field)


def pieces(tensor: Tensor, most: int = CHUNK) -> Iterator[Tensor]:
    """All numbers of a tensor, in flat pieces of bounded size; nothing larger is copied.

    Args:
        tensor: any shape, dtype and layout in memory; complex numbers come as two real ones.
        most: numbers in a piece.
    """
    values = torch.view_as_real(tensor.detach()) if tensor.is_complex() else tensor.detach()
    if values.is_contiguous():
        flat = values.view(-1)
        yield from (flat[start : start + most] for start in range(0, len(flat), most))
    elif values.dim() > 1:
        for row in values:
            yield from pieces(row, most)
    else:
        for start in range(0, len(values), most):
            yield values[start : start + most].contiguous()
