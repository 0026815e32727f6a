"""What weights take in memory, and what storing them smaller would cost, measured on one picture."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.engine.progress import Progress, each, ignore
from dashboard.records.weights import Precision
from models.classifier import Classifier, Weights
from models.scores import to_shares

# Sizes that eight bits with a sign tell apart.
STEPS = 127


@dataclass(frozen=True)
class Format:
    """A way to store weights.

    Attributes:
        title: of the format.
        round: a tensor of real numbers as it comes back from storage, in its own type.
        size: bytes that a tensor takes.
    """

    title: str
    round: Callable[[Tensor], Tensor]
    size: Callable[[Tensor], int]


def _cast(dtype: torch.dtype) -> Callable[[Tensor], Tensor]:
    return lambda tensor: tensor.to(dtype).to(tensor.dtype)


def _bytes(each: int) -> Callable[[Tensor], int]:
    return lambda tensor: each * tensor.numel()


def per_channel(tensor: Tensor) -> Tensor:
    """A weight (out, ...) in eight bits, each unit on a scale of its own; vectors stay as they are."""
    if tensor.dim() < 2:
        return tensor
    return _quantise(tensor, tensor.flatten(1).abs().amax(1).view(-1, *[1] * (tensor.dim() - 1)))


def per_tensor(tensor: Tensor) -> Tensor:
    """A weight in eight bits on one scale; vectors stay as they are."""
    return tensor if tensor.dim() < 2 else _quantise(tensor, tensor.abs().max())


def _quantise(tensor: Tensor, limits: Tensor) -> Tensor:
    steps = torch.where(limits > 0, limits / STEPS, torch.ones_like(limits))
    return (tensor / steps).round().clamp(-STEPS, STEPS) * steps


def _eight_bits(tensor: Tensor) -> int:
    """A byte for each number of a weight, four for the scale of each unit; vectors stay in float32."""
    return tensor.numel() + 4 * len(tensor) if tensor.dim() > 1 else 4 * tensor.numel()


FORMATS: tuple[Format, ...] = (
    Format("float32", _cast(torch.float32), _bytes(4)),
    Format("float16", _cast(torch.float16), _bytes(2)),
    Format("bfloat16", _cast(torch.bfloat16), _bytes(2)),
    Format("int8 with a scale per unit", per_channel, _eight_bits),
    Format("int8 with one scale per layer", per_tensor, _eight_bits),
)


def precisions(
    classifier: Classifier, inputs: np.ndarray, progress: Progress = ignore
) -> tuple[Precision, ...]:
    """What each format costs in the answer to one picture; only weights are rounded, not what they calculate.

    Args:
        classifier: the network, not changed.
        inputs: (C, H, W), normalised.
        progress: told the share that is done; raises to cancel.
    """
    batch = torch.tensor(inputs)[None]
    with torch.no_grad():
        reference = classifier.module(batch)[0].double()  # (classes,)
    precisions = []
    for storage in each(FORMATS, progress):
        network = isolate(classifier.module, own_weights=True)
        with torch.no_grad():
            for tensor in _real(network):
                tensor.copy_(storage.round(tensor))
            logits = network(batch)[0].double()
        winner = int(logits.argmax())
        shares = to_shares(logits[None], classifier.contract.reading)
        precisions.append(
            Precision(
                title=storage.title,
                bytes=sum(storage.size(tensor) for tensor in _real(classifier.module)),
                error=float((logits - reference).norm() / reference.norm()),
                largest=float((logits - reference).abs().max()),
                winner=winner,
                probability=None if shares is None else float(shares[0, winner]),
                same=winner == int(reference.argmax()),
            )
        )
    return tuple(precisions)


def _real(module: nn.Module) -> Iterable[Tensor]:
    """Parameters and buffers of real numbers, shared ones once."""
    return [tensor for tensor in (*module.parameters(), *module.buffers()) if tensor.is_floating_point()]


def stored_bytes(weights: Weights) -> dict[str, int]:
    """Name -> bytes that a tensor takes; one whose storage an earlier one has takes none."""
    addresses: set[int] = set()
    sizes = {}
    for name in weights.tensors:
        tensor = weights.tensors[name]
        place = tensor.data_ptr()
        shared = tensor.numel() > 0 and place in addresses
        addresses.add(place)
        sizes[name] = 0 if shared else tensor.numel() * tensor.element_size()
    return sizes
