"""Which pictures are learned from and which are kept back: balanced over the classes, the same for the same seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.runtime.errors import UserError
from models.training.config import Config

Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Split:
    """Indices of pictures; none is in both."""

    train: Indices
    validation: Indices


def split(labels: Indices, config: Config) -> Split:
    """Part the pictures as a configuration asks.

    Args:
        labels: class index of each picture, shape (N,).
        config: its fold, if it is one, else its validation part.

    Raises:
        UserError: if there are too few pictures, or fewer than are asked for.
    """
    order, count = balanced(labels, config.seed), len(labels)
    if config.fold:
        start, stop = (config.fold - 1) * count // config.folds, config.fold * count // config.folds
    else:
        start, stop = 0, round(config.validation * count)
    kept = np.r_[order[stop:], order[:start]]
    if stop == start or not len(kept):
        raise UserError(f"{count} pictures cannot be parted into training and validation; use more.")
    if config.train_samples > len(kept):
        raise UserError(
            f"Training pictures (train_samples) cannot be {config.train_samples:,}: "
            f"{len(kept):,} are left beside the validation part; choose at most so many."
        )
    return Split(train=kept[: config.train_samples or None], validation=order[start:stop])


def balanced(labels: Indices, seed: int) -> Indices:
    """A random order of which every stretch holds the classes in their proportions.

    Each picture gets the quantile of its place within its own class; sorting by it interleaves the classes.
    """
    generator = np.random.default_rng(seed)
    shuffled = generator.permutation(len(labels))
    quantiles = np.empty(len(labels))
    for label in np.unique(labels):
        members = shuffled[labels[shuffled] == label]
        quantiles[members] = (np.arange(len(members)) + 0.5) / len(members)
    return shuffled[np.argsort(quantiles[shuffled], kind="stable")]


def epoch_order(count: int, *, seed: int, epoch: int) -> Indices:
    """The order in which an epoch sees its pictures: a function of nothing but seed and epoch."""
    return np.random.default_rng((seed, epoch)).permutation(count)
