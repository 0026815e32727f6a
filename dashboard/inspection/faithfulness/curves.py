"""Deletion and insertion: the class's probability while the pixels that a map ranks first are hidden or shown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from dashboard.inspection.engine.explained_score import ExplainedScore
from models.meaning import Reading
from models.scores import to_shares

# Ten steps of three would miss the first tenth of the pixels, where good maps differ most.
STEPS = 30
BATCH = 8
# That the network sees for the curves of one map.
PICTURES = 2 * (STEPS + 1)
TIES_SEED = 0


@dataclass(frozen=True, eq=False)
class Covers:
    """What a picture shows where it does not show itself.

    Attributes:
        inputs: (1, C, H, W), normalised: the picture.
        hidden: (1, C, H, W), normalised: stands for a hidden pixel.
        blurred: (1, C, H, W), normalised: what insertion begins with.
    """

    inputs: Tensor
    hidden: Tensor
    blurred: Tensor


@dataclass(frozen=True, eq=False)
class Curves:
    """Probability of the explained class over the share of pixels that are changed, each (STEPS + 1,)."""

    shares: np.ndarray
    deletion: np.ndarray
    insertion: np.ndarray


def pixel_ranks(values: np.ndarray) -> np.ndarray:
    """The place of each pixel in the order of a map, the largest value first: (H, W) int.

    Equal values are ordered at random, always the same: from top to bottom they would favour the upper edge.
    """
    flat = values.ravel()
    shuffled = np.random.default_rng(TIES_SEED).permutation(flat.size)
    order = shuffled[np.argsort(-flat[shuffled], kind="stable")]
    ranks = np.empty(flat.size, dtype=np.int64)
    ranks[order] = np.arange(flat.size)
    return ranks.reshape(values.shape)


def probability(explained: ExplainedScore, inputs: Tensor, reading: Reading = "one of several") -> Tensor:
    """The target's probability among all classes, or against the other class where there is one: (N,).

    The explained logit has no scale on which two networks or photos could be compared; a probability has.
    """
    with torch.no_grad():
        logits: Tensor = explained.network(inputs)
    shares = None if explained.versus is not None else to_shares(logits, reading)
    return explained.select(logits).sigmoid() if shares is None else shares[:, explained.target]


def curves(
    explained: ExplainedScore, covers: Covers, values: np.ndarray, reading: Reading = "one of several"
) -> Curves:
    """Hide and show the pixels of a picture in the order of a map.

    Args:
        explained: on a private copy of the network.
        covers: the picture, and what it shows elsewhere.
        values: (H, W), a signed map by its sign: what speaks against the class comes last.
        reading: how the network's answers are read; of values there is no probability.

    Reference:
        Petsiuk, Das and Saenko 2018, RISE: Randomized Input Sampling for Explanation of Black-box Models.
    """
    ranks = torch.from_numpy(pixel_ranks(values))
    shares = torch.linspace(0, 1, STEPS + 1)
    counts = (shares * ranks.numel()).round().long()
    deletion, insertion = [], []
    for some in torch.split(counts, BATCH):
        first = (ranks < some[:, None, None])[:, None]  # (N, 1, H, W)
        deletion.append(probability(explained, torch.where(first, covers.hidden, covers.inputs), reading))
        insertion.append(probability(explained, torch.where(first, covers.inputs, covers.blurred), reading))
    return Curves(shares.numpy(), torch.cat(deletion).numpy(), torch.cat(insertion).numpy())
