"""Weights that a network computes each time it runs, from names and tensors alone: pruned, weight and spectral norm.

What is stored beside them (masks, directions, lengths, singular vectors) is no weight of any layer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

if TYPE_CHECKING:
    from torch import Tensor

T = TypeVar("T")
Shape = tuple[int, ...]
Kind = Literal["pruning", "weight norm", "spectral norm"]
# torch.nn.utils.parametrize writes `layer.parametrizations.weight.original`, and numbers it where there are several.
PARAMETRISED = re.compile(
    r"(?P<layer>(?:.*\.)?)parametrizations\.(?P<name>\w+)\.(?P<part>original[01]?|0\._[uv])"
)


@dataclass(frozen=True)
class Parametrisation:
    """A weight that is computed.

    Attributes:
        kind: how.
        name: of the weight.
        zero: share of its numbers that is 0, in [0, 1].
    """

    kind: Kind
    name: str
    zero: float


def effective_tensors(tensors: Mapping[str, Tensor]) -> tuple[dict[str, Tensor], tuple[Parametrisation, ...]]:
    """The tensors as the network uses them, under the names of its layers, and which of them are computed.

    Args:
        tensors: qualified name -> tensor, as stored; not changed, and shared where nothing is computed.
    """
    computed: dict[str, tuple[Kind, Tensor]] = {}
    for weight, (kind, _, family) in _families(tensors).items():
        tensor = COMPUTE[kind]({part: tensors[name] for part, name in family.items()})
        if tensor is not None:
            computed[weight] = kind, tensor
    effective = _replace(tensors, {weight: tensor for weight, (_, tensor) in computed.items()})
    return effective, tuple(
        Parametrisation(kind, weight, float((tensor == 0).float().mean()))
        for weight, (kind, tensor) in computed.items()
    )


def effective_shapes(shapes: Mapping[str, Shape]) -> dict[str, Shape]:
    """The same of shapes alone."""
    return _replace(
        shapes, {weight: shapes[family[shaped]] for weight, (_, shaped, family) in _families(shapes).items()}
    )


def _replace(stored: Mapping[str, T], computed: Mapping[str, T]) -> dict[str, T]:
    """What is stored, with what is computed in the place of what it is computed from."""
    effective: dict[str, T] = {}
    for name, held in stored.items():
        weight, _ = _part(name)
        if weight in computed:
            effective.setdefault(weight, computed[weight])
        else:
            effective[name] = held
    return effective


def _families(stored: Mapping[str, object]) -> dict[str, tuple[Kind, str, dict[str, str]]]:
    """Weight -> how it is computed, the part that has its shape, and the name of each part."""
    families: dict[str, dict[str, str]] = {}
    for name in stored:
        weight, part = _part(name)
        if part:
            families.setdefault(weight, {})[part] = name
    return {
        weight: (*FORMS[parts], family)
        for weight, family in families.items()
        if (parts := frozenset(family)) in FORMS and weight not in stored
    }


# Parts of a weight -> how it is computed, and the part that has its shape.
FORMS: dict[frozenset[str], tuple[Kind, str]] = {
    frozenset(("original", "mask")): ("pruning", "original"),
    frozenset(("length", "direction")): ("weight norm", "direction"),
    frozenset(("original", "left", "right")): ("spectral norm", "original"),
    frozenset(("original", "left", "direction")): ("spectral norm", "original"),
}
# Ending of a stored name -> what the tensor is to its weight, as torch.nn.utils writes it.
ENDINGS = {"_orig": "original", "_mask": "mask", "_g": "length", "_v": "direction", "_u": "left"}
PARTS = {
    "original": "original",
    "original0": "length",
    "original1": "direction",
    "0._u": "left",
    "0._v": "right",
}


def _part(name: str) -> tuple[str, str]:
    """The weight to which a tensor belongs, and what it is to it; empty where it is one by itself."""
    match = PARAMETRISED.fullmatch(name)
    if match is not None:
        return match["layer"] + match["name"], PARTS[match["part"]]
    for ending, part in ENDINGS.items():
        if name.endswith(ending) and name.rpartition(".")[2] != ending:
            return name.removesuffix(ending), part
    return name, ""


def _pruning(parts: Mapping[str, Tensor]) -> Tensor | None:
    original, mask = parts["original"], parts["mask"]
    return original * mask if original.shape == mask.shape else None


def _weight_norm(parts: Mapping[str, Tensor]) -> Tensor | None:
    """Salimans and Kingma, 2016: the length of each unit times its direction."""
    import torch

    length, direction = parts["length"], parts["direction"]
    if length.dim() not in (0, direction.dim()):
        return None
    sides = [side for side in range(direction.dim()) if length.dim() == 0 or length.shape[side] == 1]
    if length.numel() * direction[(0,) * direction.dim()].numel() == 0 or not sides:
        return None
    norm = torch.linalg.vector_norm(direction.float(), dim=sides, keepdim=True)
    weight: Tensor = direction.float() / norm * length.float()
    return weight.to(direction.dtype)


def _spectral_norm(parts: Mapping[str, Tensor]) -> Tensor | None:
    """Miyato et al., 2018: the weight over its largest singular value, as its kept vectors estimate it."""
    original, left = parts["original"], parts["left"]
    right = parts["right"] if "right" in parts else parts["direction"]
    best: tuple[float, Tensor] | None = None
    for side in range(min(original.dim(), 2)):  # the units of a transposed convolution are its second side
        matrix = original.float().movedim(side, 0).flatten(1)
        if matrix.shape[0] != left.numel() or matrix.shape[1] != right.numel():
            continue
        image = matrix @ right.float()
        value = left.float() @ image
        missed = float((image - value * left.float()).norm())
        if best is None or missed < best[0]:
            best = missed, value
    return None if best is None else (original.float() / best[1]).to(original.dtype)


# The weight of its parts; None where they do not fit each other.
COMPUTE: dict[Kind, Callable[[Mapping[str, Tensor]], Tensor | None]] = {
    "pruning": _pruning,
    "weight norm": _weight_norm,
    "spectral norm": _spectral_norm,
}
