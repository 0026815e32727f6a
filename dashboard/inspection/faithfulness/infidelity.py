"""Infidelity: how far a map misses what happens to the score when squares of the picture are hidden."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from dashboard.inspection.engine.explained_score import ExplainedScore
from dashboard.inspection.faithfulness.curves import BATCH, Covers
from models.runtime.randomness import fork_rng

SAMPLES = 32
# That the network sees for one map and for none: each sample, and the picture itself once in a batch.
PICTURES = 2 * (SAMPLES + -(-SAMPLES // BATCH))
# Side of a hidden square, as a share of the picture's.
SQUARE = 0.25
SEED = 0


def infidelity(explained: ExplainedScore, covers: Covers, values: np.ndarray) -> float:
    """The share of the score's changes that a map does not foretell, in [0, 1].

    A map foretells the change of score as its sum over the hidden square, times one factor for the whole map,
    because maps have different units. Squares are the same for all maps of a picture.

    Args:
        explained: on a private copy of the network.
        covers: the picture and what hides it.
        values: (H, W).

    Reference:
        Yeh, Hsieh, Suggala, Inouye and Ravikumar 2019, On the (In)fidelity and Sensitivity of Explanations.
    """
    # Of unit size: Captum multiplies sums of squares, which overflow and vanish with the map's units.
    scaled = values / max(float(np.abs(values).max()), float(np.finfo(np.float32).tiny))
    attribution = torch.from_numpy(scaled / covers.inputs.shape[1]).float().expand(covers.inputs.shape)
    missed = _mean_square(explained, covers, attribution.contiguous())
    whole = _mean_square(explained, covers, torch.zeros_like(covers.inputs))
    return missed / whole if whole > 0 else 0.0


def _mean_square(explained: ExplainedScore, covers: Covers, attribution: Tensor) -> float:
    """Mean of (foretold - actual change of score)^2."""
    import captum.metrics

    def hide(inputs: Tensor) -> tuple[Tensor, Tensor]:
        first = _squares(inputs)
        return first.to(inputs.dtype), torch.where(first, covers.hidden, inputs)

    with fork_rng(SEED):
        missed = captum.metrics.infidelity(
            explained,
            hide,
            covers.inputs,
            attribution,
            n_perturb_samples=SAMPLES,
            max_examples_per_batch=BATCH,
            normalize=True,
        )
    return max(float(missed), 0.0)


def _squares(inputs: Tensor) -> Tensor:
    """One square at a random place for each input: (N, C, H, W) bool."""
    count, _, height, width = inputs.shape
    down, across = (_intervals(count, side) for side in (height, width))
    return (down[:, None, :, None] & across[:, None, None, :]).expand(inputs.shape)


def _intervals(count: int, side: int) -> Tensor:
    """A stretch of SQUARE of a side at a random place: (count, side) bool."""
    length = max(1, round(SQUARE * side))
    start = torch.randint(0, side - length + 1, (count, 1))
    place = torch.arange(side)
    return (place >= start) & (place < start + length)
