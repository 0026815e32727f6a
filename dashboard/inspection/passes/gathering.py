"""What several processes found, merged in each of them: parts travel as tensors and text, no code among them."""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin, get_type_hints

import torch
from safetensors.torch import load, save
from torch import Tensor

from dashboard.inspection.engine.nonlinearity import Nonlinearity
from dashboard.inspection.passes.health import HealthSums
from dashboard.inspection.passes.layer import LayerSums

if TYPE_CHECKING:
    from models.training.group import Group

P = TypeVar("P", LayerSums, HealthSums)
# Between the names on the way to a tensor; no name of a layer has it.
STEP = "\n"


def gather(mine: P | None, kind: type[P], group: Group) -> P:
    """The parts of all processes, merged; every process calls this, and some may have none.

    Args:
        mine: what this process found.
        kind: of the parts.
        group: the processes.
    """
    content = b"" if mine is None else save(dict(_flatten(mine)))
    lengths = [int(length) for length in group.gather(torch.tensor(len(content)))]
    padded = torch.frombuffer(bytearray(content.ljust(max(lengths), b"\0")), dtype=torch.uint8)
    parts: list[P] = [
        _restore(kind, load(bytes(part.numpy()[:length])))
        for part, length in zip(group.gather(padded), lengths, strict=True)
        if length
    ]
    return functools.reduce(lambda first, second: first.merge(second), parts)


def _flatten(part: Any) -> Iterator[tuple[str, Tensor]]:
    """The way to each tensor of a record, however nested, and a copy of the tensor."""
    if isinstance(part, Tensor):
        yield "", part.clone(memory_format=torch.contiguous_format)
    elif isinstance(part, int):
        yield "", torch.tensor(part)
    elif isinstance(part, Nonlinearity):
        said = dataclasses.asdict(dataclasses.replace(part, functions=()))
        yield "", torch.frombuffer(bytearray(json.dumps(said).encode()), dtype=torch.uint8)
    else:
        inner = part if isinstance(part, dict) else vars(part)
        for name, value in inner.items():
            yield from ((f"{name}{STEP}{way}", tensor) for way, tensor in _flatten(value))


def _restore(kind: Any, tensors: dict[str, Tensor]) -> Any:
    """The record of that kind whose tensors these are."""
    if kind is Tensor:
        return tensors[""]
    if kind is int:
        return int(tensors[""])
    if kind is Nonlinearity:
        return Nonlinearity(**{**json.loads(bytes(tensors[""].numpy())), "functions": ()})
    inner: dict[str, dict[str, Tensor]] = {}
    for way, tensor in tensors.items():
        name, _, rest = way.partition(STEP)
        inner.setdefault(name, {})[rest] = tensor
    if get_origin(kind) is dict:
        _, held = get_args(kind)
        return {name: _restore(held, parts) for name, parts in inner.items()}
    hints = get_type_hints(kind)
    return kind(**{name: _restore(hints[name], inner.get(name, {})) for name in hints})
