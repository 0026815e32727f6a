"""Which pictures are learned from and which are kept back: balanced over the classes, the same for the same seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.runtime.errors import UserError

Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Split:
    """Indices of pictures; none is in both."""

    train: Indices
    validation: Indices


def split(
    labels: Indices, *, seed: int, validation: float, train_samples: int = 0, fold: int = 0, folds: int = 1
) -> Split:
    """Part the pictures into those that are learned from and those that are kept back.

    Args:
        labels: class index of each picture, shape (N,).
        seed: of the order in which they are parted.
        validation: share that is kept back, in (0, 1), where there is no fold.
        train_samples: how many of the others are learned from; 0 takes all.
        fold: which of the folds is kept back, from 1; 0 outside cross-validation.
        folds: how many there are.

    Raises:
        UserError: if there are too few pictures, or fewer than are asked for.
    """
    order, count = balanced_order(labels, seed), len(labels)
    if fold:
        start, stop = (fold - 1) * count // folds, fold * count // folds
    else:
        start, stop = 0, round(validation * count)
    kept = np.r_[order[stop:], order[:start]]
    if stop == start or not len(kept):
        raise UserError(f"{count} pictures cannot be parted into training and validation; use more.")
    if train_samples > len(kept):
        raise UserError(
            f"Training pictures (train_samples) cannot be {train_samples:,}: "
            f"{len(kept):,} are left beside the validation part; choose at most so many."
        )
    return Split(train=kept[: train_samples or None], validation=order[start:stop])


def balanced_order(labels: Indices, seed: int) -> Indices:
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
