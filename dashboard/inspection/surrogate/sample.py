"""The pictures that a tree is grown and measured with: never the same ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from dashboard.inspection.passes.pool import Pool, dataset_pool
from models.classifier import Classifier
from models.datasets.entry import Dataset

# Of a dataset's training pictures a tree is grown with so many.
GROWN = 10_000
# Without a division of their own, pictures are divided by chance, always alike.
SEED, HELD_OUT = 0, 0.25


@dataclass(frozen=True, eq=False)
class Sample:
    """Pictures, divided.

    Attributes:
        pool: all of them.
        held_out: (n,) which are held out, to measure with.
    """

    pool: Pool
    held_out: np.ndarray


def split_dataset(dataset: Dataset, classifier: Classifier) -> Sample:
    """A tree is grown with training pictures of a dataset and measured with the test pictures."""
    grown = dataset_pool(dataset, classifier, GROWN, "train")
    measured = dataset_pool(dataset, classifier)
    return Sample(_join(grown, measured), np.arange(len(grown) + len(measured)) >= len(grown))


def hold_out_all(pool: Pool) -> Sample:
    """All pictures are held out: for a network that no tree is grown for, of which a number is stated."""
    return Sample(pool, np.ones(len(pool), bool))


def split_at_random(pool: Pool) -> Sample:
    """A quarter of the pictures is held out, the same one each time."""
    order = np.random.default_rng(SEED).permutation(len(pool))
    held_out = np.zeros(len(pool), bool)
    held_out[order[: round(HELD_OUT * len(pool))]] = True
    return Sample(pool, held_out)


def _join(first: Pool, second: Pool) -> Pool:
    count = len(first)

    def take(indices: Sequence[int]) -> Tensor:
        before = [index for index in indices if index < count]
        behind = [index - count for index in indices if index >= count]
        parts = [pool.take(some) for pool, some in ((first, before), (second, behind)) if some]
        return parts[0] if len(parts) == 1 else torch.cat(parts)

    def label(index: int) -> str:
        return first.label(index) if index < count else second.label(index - count)

    return Pool(
        title=f"{first.title} and {second.title}",
        key=f"{first.key}+{second.key}",
        items=(*first.items, *second.items),
        take=take,
        label=label,
    )
