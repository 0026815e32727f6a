"""Weights that a network computes each time it runs, from names and tensors alone: pruned, weight and spectral norm.

What is stored beside them (masks, directions, lengths, singular vectors) is no weight of any layer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

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
    parts = {name: _part(name) for name in tensors}
    families: dict[str, dict[str, str]] = {}
    for name, (weight, part) in parts.items():
        if part:
            families.setdefault(weight, {})[part] = name
    computed = {
        weight: found
        for weight, family in families.items()
        if (found := _compute({part: tensors[name] for part, name in family.items()})) is not None
    }
    effective: dict[str, Tensor] = {}
    for name, (weight, _) in parts.items():
        if weight in computed:
            effective.setdefault(weight, computed[weight][1])
        else:
            effective[name] = tensors[name]
    return effective, tuple(
        Parametrisation(kind, weight, float((tensor == 0).float().mean()))
        for weight, (kind, tensor) in computed.items()
    )


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


def _compute(family: Mapping[str, Tensor]) -> tuple[Kind, Tensor] | None:
    """The weight of its parts; None where they are not those of a way that is known."""
    match family:
        case {"original": Tensor() as original, "mask": Tensor() as mask} if len(family) == 2:
            return ("pruning", original * mask) if original.shape == mask.shape else None
        case {"length": Tensor() as length, "direction": Tensor() as direction} if len(family) == 2:
            return _weight_norm(length, direction)
        case {"original": Tensor() as original, "left": Tensor() as left}:
            return _spectral_norm(original, left, family.get("right", family.get("direction")))
    return None


def _weight_norm(length: Tensor, direction: Tensor) -> tuple[Kind, Tensor] | None:
    """Salimans and Kingma, 2016: the length of each unit times its direction."""
    if length.dim() not in (0, direction.dim()):
        return None
    sides = [side for side in range(direction.dim()) if length.dim() == 0 or length.shape[side] == 1]
    if length.numel() * direction[(0,) * direction.dim()].numel() == 0 or not sides:
        return None
    norm = torch.linalg.vector_norm(direction.float(), dim=sides, keepdim=True)
    return "weight norm", (direction.float() / norm * length.float()).to(direction.dtype)


def _spectral_norm(original: Tensor, left: Tensor, right: Tensor | None) -> tuple[Kind, Tensor] | None:
    """Miyato et al., 2018: the weight over its largest singular value, as its kept vectors estimate it."""
    best: tuple[float, Tensor] | None = None
    for side in range(min(original.dim(), 2)):  # the units of a transposed convolution are its second side
        matrix = original.float().movedim(side, 0).flatten(1)
        if matrix.shape[0] != left.numel() or right is None or matrix.shape[1] != right.numel():
            continue
        image = matrix @ right.float()
        value = left.float() @ image
        missed = float((image - value * left.float()).norm())
        if best is None or missed < best[0]:
            best = missed, value
    return None if best is None else ("spectral norm", (original.float() / best[1]).to(original.dtype))
