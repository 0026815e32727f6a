"""Architectures whose tensors have the same names and shapes: which of them also compute the same?

`torchvision/resnet18` and `timm/resnet18` do, `timm/resnet50` and one that pads otherwise do not. It is tried, with
the same weights and the same picture, when the index is made.
"""

from __future__ import annotations

import math
import warnings
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from models.checkpoints.signature import mark

if TYPE_CHECKING:
    from torch import Tensor, nn

    from models.checkpoints.known import Row

# What is larger is not tried: its candidates stay apart, and a person chooses.
LARGEST = 120_000_000
TOLERANCE = 1e-3
SIDE = 128


def with_likeness(rows: Sequence[Row]) -> list[Row]:
    """The rows, each with the name of the first one of its signature that computes the same."""
    same: dict[object, list[Row]] = defaultdict(list)
    for row in rows:
        same[row.body, row.head].append(row)
    like = {}
    for group in same.values():
        answers: list[tuple[str, Tensor]] = []
        for row in group if len(group) > 1 else ():
            answer = _trial_answer(row)
            if answer is None:
                continue
            twin = next((name for name, other in answers if _equal(answer, other)), None)
            if twin is None:
                answers.append((row.name, answer))
            else:
                like[row.name] = twin
        if len(group) > 1:
            names = (f"{row.name}={like.get(row.name, row.name)}" for row in group)
            print(f"same names and shapes: {', '.join(names)}", flush=True)
    return [replace(row, like=like.get(row.name, row.name)) for row in rows]


def _trial_answer(row: Row) -> Tensor | None:
    """The logits of an architecture with made-up weights for a made-up picture, or None where it is not tried."""
    import torch

    from models.checkpoints.architectures import build, usual_preprocessing
    from models.checkpoints.building import build_hollow

    with warnings.catch_warnings(), suppress(Exception), torch.no_grad():
        warnings.simplefilter("ignore")
        size = sum(p.numel() for p in build_hollow(row.name, row.classes, row.options).parameters())
        if size > LARGEST:
            return None
        module = build(row.name, row.classes, row.options).eval()
        _fill_weights(module)
        preprocessing = usual_preprocessing(row.name, row.options)
        # A small picture is as good as a large one, for those that read any size.
        for height, width in ((SIDE, SIDE), preprocessing.size):
            with suppress(Exception):
                return _logits(module, (1, preprocessing.channels, height, width))
    return None


def _logits(module: nn.Module, shape: tuple[int, ...]) -> Tensor:
    import torch

    logits: Tensor = module(torch.linspace(-2, 2, math.prod(shape)).reshape(shape).sin())
    return logits


def _fill_weights(module: nn.Module) -> None:
    """Weights that depend on names and shapes alone, of a size at which signals neither vanish nor explode."""
    import torch

    for name, tensor in module.state_dict().items():
        if not tensor.is_floating_point():
            continue
        numbers = torch.Generator().manual_seed(mark(name, tensor.shape) % 2**31)
        drawn = torch.randn(tensor.shape, generator=numbers)
        fan = tensor[0].numel() if tensor.dim() > 1 else 1
        tensor.copy_(drawn / math.sqrt(fan) if tensor.dim() > 1 else 1 + 0.1 * drawn.abs())


def _equal(first: Tensor, second: Tensor) -> bool:
    if first.shape != second.shape or not first.isfinite().all():
        return False
    return bool((first - second).abs().max() <= TOLERANCE * first.abs().max())
