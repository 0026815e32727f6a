"""Which pictures are learned from and which are kept back: balanced over the classes, the same for the same seed."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.runtime.errors import UserError

Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Known:
    """What is known of pictures before they are parted.

    Attributes:
        parts: the part that each lies in, shape (N,): train, validation or test, or empty where nobody said.
        copies: place of the first picture that is the same, shape (N,); its own where there is none before it.
    """

    parts: NDArray[np.str_]
    copies: Indices


@dataclass(frozen=True, eq=False)
class Split:
    """Indices of pictures; none is in two.

    Attributes:
        train: what is learned from.
        validation: what is kept back.
        test: what is measured at the end; empty where nobody set any apart.
        leaked: what is in none, as it is in one before already, or in two classes.
    """

    train: Indices
    validation: Indices
    test: Indices = dataclasses.field(default_factory=lambda: np.arange(0))
    leaked: Indices = dataclasses.field(default_factory=lambda: np.arange(0))


def split(
    labels: Indices,
    *,
    seed: int,
    validation: float,
    train_samples: int = 0,
    fold: int = 0,
    folds: int = 1,
    known: Known | None = None,
) -> Split:
    """Part the pictures into those that are learned from and those that are kept back.

    Where they lie in parts, those are taken, except that folds part training and validation pictures anew. A picture
    that is learned from is measured on under no other name either.

    Args:
        labels: class index of each picture, shape (N,).
        seed: of the order in which they are parted.
        validation: share that is kept back, in (0, 1), where there is no fold and nobody kept any back.
        train_samples: how many of the others are learned from; 0 takes all.
        fold: which of the folds is kept back, from 1; 0 outside cross-validation.
        folds: how many there are.
        known: parts and copies; neither, where it is left out.

    Raises:
        UserError: if there are too few pictures, or fewer than are asked for.
    """
    if known is None:
        known = Known(np.full(len(labels), ""), np.arange(len(labels)))
    apart, test = (np.flatnonzero(known.parts == part) for part in ("validation", "test"))
    given = len(apart) > 0 and not fold
    whole = np.flatnonzero(~np.isin(known.parts, ("validation", "test") if given else ("test",)))
    order = whole[balanced_order(labels[whole], seed)]
    taken = part_without_copies(order, apart, test, labels, known.copies)
    # Where all that was kept back is learned from, too, a part of the rest is kept back in its place.
    parted = given and len(taken.validation) > 0
    if fold:
        start, stop = (fold - 1) * len(order) // folds, fold * len(order) // folds
    else:
        start, stop = 0, 0 if parted else round(validation * len(order))
    kept = np.r_[order[stop:], order[:start]]
    parts = taken if parted else part_without_copies(kept, order[start:stop], test, labels, known.copies)
    if given and not parted:
        parts = dataclasses.replace(parts, leaked=np.r_[apart, parts.leaked])
    if not len(parts.validation) or not len(kept):
        raise UserError(
            f"{len(labels):,} pictures cannot be parted into training and validation"
            f"{', as copies are left out of validation' if len(parts.leaked) else ''}; use more."
        )
    if train_samples > len(kept):
        raise UserError(
            f"Training pictures (train_samples) cannot be {train_samples:,}: "
            f"{len(kept):,} are left beside the validation part; choose at most so many."
        )
    return dataclasses.replace(parts, train=kept[: train_samples or None])


def contradictions(labels: Indices, copies: Indices) -> NDArray[np.bool_]:
    """Whether each picture has a copy in another class, shape (N,)."""
    return np.isin(copies, copies[labels != labels[copies]])


def part_without_copies(
    train: Indices, validation: Indices, test: Indices, labels: Indices, copies: Indices
) -> Split:
    """Parts of which each holds a picture once, and none that one before it holds, or that is in two classes.

    Args:
        train: places of the pictures that are learned from; all of them stay.
        validation: of those that are kept back.
        test: of those that are measured at the end.
        labels: class index of each picture, shape (N,).
        copies: place of the first picture that is the same, shape (N,).
    """
    doubtful, seen = contradictions(labels, copies), copies[train]
    parts, leaked = [], [np.arange(0)]
    for part in (validation, test):
        first = np.zeros(len(part), dtype=bool)
        first[np.unique(copies[part], return_index=True)[1]] = True
        good = first & ~doubtful[part] & ~np.isin(copies[part], seen)
        parts.append(part[good])
        leaked.append(part[~good])
        seen = np.r_[seen, copies[part]]
    return Split(train, parts[0], parts[1], np.concatenate(leaked))


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
