"""The rows of a weight: one unit each, read some at a time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from dashboard.inspection.weights.tensors import CHUNK

# Two units are the same where they differ by at most this share of their norm.
SAME = 0.01
# With fewer inputs, units are alike by chance.
FEWEST_INPUTS = 8
# Multiplications that comparing all units with each other may take: about a second on one core.
MOST_WORK = 3e10


def blocks(tensor: Tensor) -> Iterator[Tensor]:
    """Units as rows in double precision, some at a time: (out, ...) -> (n, inputs) each; what is not finite is 0."""
    rows = max(1, CHUNK // max(1, tensor[0].numel())) if len(tensor) else 1
    for start in range(0, len(tensor), rows):
        yield tensor[start : start + rows].detach().flatten(1).double().nan_to_num(0.0, 0.0, 0.0)


def unit_norms(tensor: Tensor) -> np.ndarray:
    """Euclidean norm of each unit's weights: (out, ...) -> (out,) float64."""
    norms = [torch.linalg.vector_norm(block, dim=1) for block in blocks(tensor)]
    return np.asarray(torch.cat(norms).numpy() if norms else np.zeros(0))


def are_comparable(tensor: Tensor) -> bool:
    """Whether comparing all units with each other takes a reasonable time."""
    return float(len(tensor)) ** 2 * tensor[0].numel() <= MOST_WORK if len(tensor) else True


def duplicates(tensor: Tensor) -> list[tuple[int, int]]:
    """Pairs of units with the same weights, the later one with the first that it repeats.

    Units of zeros, and those of too few inputs, are left out.

    Args:
        tensor: (out, ...).
    """
    if len(tensor) < 2 or tensor[0].numel() < FEWEST_INPUTS:
        return []
    rows = tensor.detach().flatten(1).float().nan_to_num(0.0, 0.0, 0.0)  # (out, inputs)
    norms = torch.linalg.vector_norm(rows, dim=1)
    directions = rows / norms.clamp_min(torch.finfo(torch.float32).tiny)[:, None]
    originals: dict[int, int] = {}
    step = max(1, CHUNK // len(rows))
    for start in range(0, len(rows), step):
        likeness = directions[start : start + step] @ directions.T  # (step, out)
        # Two of one length that differ by 1 % have a cosine of 1 - 0.01^2 / 2.
        first, second = (likeness > 1 - SAME**2).nonzero(as_tuple=True)
        for unit, other in zip((first + start).tolist(), second.tolist(), strict=True):
            if (
                unit < other
                and other not in originals
                and unit not in originals
                and _same(rows[unit], rows[other])
            ):
                originals[other] = unit
    return [(first, later) for later, first in sorted(originals.items())]


def _same(first: Tensor, second: Tensor) -> bool:
    norm = float(torch.linalg.vector_norm(first.double()))
    return norm > 0 and float(torch.linalg.vector_norm(first.double() - second.double())) <= SAME * norm
