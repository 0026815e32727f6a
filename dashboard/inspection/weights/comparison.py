"""What became of weights: how far each tensor moved from another set's, and which units moved most."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor, nn

from dashboard.inspection.engine.progress import Progress, each, ignore
from dashboard.inspection.weights.tensors import facts, pieces
from dashboard.inspection.weights.units import blocks
from dashboard.records.weights import Change, ChangeVerdict, Comparison, TensorFacts
from models.classifier import Weights

# Relative changes below these: what rounding to the coarser type explains is asked for first.
BARELY, TRAINED = 0.01, 0.5
# A tensor that points elsewhere was rewritten, however little its length changed.
ELSEWHERE = 0.5


def comparison(
    weights: Weights,
    against: Weights,
    module: nn.Module | None = None,
    progress: Progress = ignore,
) -> Comparison:
    """How far each tensor is from the one of that name in another set.

    Args:
        weights: as they are.
        against: what they are compared with: earlier ones, for instance.
        module: the network that the weights belong to, if it is known.
        progress: told the share that is done; raises to cancel.
    """
    own = {tensor.name: tensor for tensor in facts(weights.tensors, module)}
    others = {name: tuple(against.tensors[name].shape) for name in against.tensors}
    return Comparison(
        changes=tuple(
            change(tensor, weights.tensors[tensor.name], against.tensors[tensor.name])
            for tensor in each(list(own.values()), progress, lambda tensor: tensor.count)
            if others.get(tensor.name) == tensor.shape and tensor.count
        ),
        added=tuple(name for name in own if name not in others),
        removed=tuple(name for name in others if name not in own),
        reshaped=tuple(
            (name, tensor.shape, others[name])
            for name, tensor in own.items()
            if others.get(name, tensor.shape) != tensor.shape
        ),
    )


def change(known: TensorFacts, tensor: Tensor, before: Tensor) -> Change:
    """How far a tensor moved, in double precision; where one of both is not finite, nothing is counted.

    Args:
        known: of the tensor.
        tensor: as it is.
        before: of the same shape; any dtype.
    """
    own = other = product = moved = largest = 0.0
    broken = 0
    if tensor.is_contiguous() != before.is_contiguous():
        # Cut alike, or pieces would not lie over each other.
        tensor, before = tensor.contiguous(), before.contiguous()
    for now, then in zip(pieces(tensor), pieces(before), strict=True):
        a, b = now.double(), then.double()
        sound = a.isfinite() & b.isfinite()
        if not sound.all():
            broken += int((~sound).count_nonzero())
            a, b = a[sound], b[sound]
        # Sums of products, not dot products, which share out to threads what is too little for them.
        own += float((a * a).sum())
        other += float((b * b).sum())
        product += float((a * b).sum())
        a -= b
        largest = max(largest, float(a.abs().max())) if len(a) else largest
        moved += float(a.square_().sum())
    relative = math.sqrt(moved / other) if other > 0 else (0.0 if moved == 0 else math.inf)
    cosine = product / math.sqrt(own * other) if own > 0 and other > 0 else (1.0 if own == other else 0.0)
    rounding = max(_rounding(tensor), _rounding(before)) if tensor.dtype != before.dtype else 0.0
    return Change(
        facts=known,
        relative=relative,
        cosine=max(-1.0, min(1.0, cosine)),
        largest=largest,
        verdict=verdict(relative, cosine, rounding),
        broken=broken,
    )


def verdict(relative: float, cosine: float, rounding: float = 0.0) -> ChangeVerdict:
    """A tensor's change in a word.

    Args:
        relative: norm of the change over the norm before.
        cosine: of the angle between before and after.
        rounding: relative change that another number format alone explains.
    """
    if relative == 0:
        return "frozen"
    if relative <= rounding:
        return "rounded"
    if relative < BARELY:
        return "barely trained"
    return "trained" if relative < TRAINED and cosine > ELSEWHERE else "rewritten"


def _rounding(tensor: Tensor) -> float:
    """The relative change that rounding to a tensor's type makes at most: half of its step, and tiny numbers lost."""
    return float(torch.finfo(tensor.dtype).eps) if tensor.is_floating_point() else 0.0


def unit_changes(tensor: Tensor, before: Tensor) -> np.ndarray:
    """How far each unit moved, relative to its norm before: (out, ...) -> (out,); infinite where that was 0.

    Args:
        tensor: as it is, with at least one dimension.
        before: of the same shape.
    """
    ratios = []
    for now, then in zip(blocks(tensor), blocks(before), strict=True):
        norms = torch.linalg.vector_norm(then, dim=1)
        moved = torch.linalg.vector_norm(now - then, dim=1)
        ratios.append(torch.where(moved > 0, moved / norms, torch.zeros_like(moved)))
    return np.asarray(torch.cat(ratios).numpy() if ratios else np.zeros(0))
