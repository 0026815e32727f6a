"""Many pictures as features, the photo among them, and what finds places and neighbours for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dashboard.inspection.embedding.features import features as compute_features
from dashboard.inspection.embedding.features import picture_features
from dashboard.inspection.embedding.layout import AXES, LAYOUTS, lay_out
from dashboard.inspection.embedding.nearest import METRICS, classify_by_neighbours, nearest_neighbours
from dashboard.inspection.embedding.principal import principal_axes as compute_principal_axes
from dashboard.inspection.passes.pool import Item, Pool
from dashboard.jobs import Lane, Work
from dashboard.records.activations import ReceptiveField
from dashboard.records.embedding import UNKNOWN, Features, Neighbours, Place, PrincipalAxes
from dashboard.results.activations import excerpts
from dashboard.results.result import Result, T
from dashboard.view import View

# How many pictures nearest to one are looked at.
NEAREST = 10
# Work on so many numbers takes a moment, and on more of them seconds.
QUICK_NUMBERS = 2**20


@dataclass(frozen=True, eq=False)
class Cloud:
    """Many pictures as features, and the photo that is looked at among them.

    Attributes:
        view: the network and the photo.
        pictures: the pool.
        features: of the pool.
        photo: (D,) features of the photo; None where they are no numbers.
    """

    view: View
    pictures: Pool
    features: Features
    photo: np.ndarray | None

    @cached_property
    def row(self) -> int | None:
        """Of the photo in the features; None where it is none of the pictures. With its parts, the whole one."""
        address = self.view.selection.image
        whole = next((at for at, item in enumerate(self.pictures.items) if item.address == address), -1)
        rows = np.flatnonzero(self.features.pictures == whole)
        return int(rows[0]) if len(rows) and not self.view.digit else None

    def item(self, row: int) -> Item:
        """The picture of a row."""
        return self.pictures.items[int(self.features.pictures[row])]

    @property
    def groups(self) -> np.ndarray:
        """(N,) pictures that are cut out of the same one have the same number."""
        first: dict[str, int] = {}
        numbers = [first.setdefault(item.address, at) for at, item in enumerate(self.pictures.items)]
        return np.asarray(np.array(numbers)[self.features.pictures])

    @property
    def others(self) -> np.ndarray:
        """(N,) bool, which are neither the photo nor cut out of it."""
        address = self.view.selection.image
        return np.array([self.item(row).address != address for row in range(len(self.features))], dtype=bool)

    def neighbours(self, metric: str) -> Neighbours | None:
        """The pictures nearest to the photo, without the photo itself; None where it has no features."""
        if self.photo is None:
            return None
        values, others = self.features.values, self.others
        return nearest_neighbours(values, self.photo, metric=METRICS[metric], count=NEAREST, among=others)


def features(view: View, place: Place, pictures: Pool) -> Result[Features]:
    """The features of many pictures at one place of the network."""
    return Result(
        view.classifier.key,
        "features",
        (place, pictures.key),
        lambda report: compute_features(view.classifier, place, pictures, report),
        f"Features of {pictures.title}",
        "slow",
    )


def photo_features(view: View, place: Place) -> Result[np.ndarray]:
    """(D,) the features of the photo at the same place."""
    return Result(
        view.classifier.key,
        "features of a photo",
        (place, view.seen.digest),
        lambda _: picture_features(view.classifier, place, view.seen.inputs),
        "Features of this photo",
    )


def principal_axes(of: Cloud) -> Result[PrincipalAxes]:
    """The axes along which the pictures vary most."""
    return _of_features(
        of, "principal axes", (), lambda _: compute_principal_axes(of.features.values, AXES), "Principal axes"
    )


def layout(of: Cloud, along: PrincipalAxes, way: str, number: int) -> Result[np.ndarray]:
    """Where a layout puts the pictures, (N, 2); in one more row the photo, if it has features and is none of them.

    Args:
        of: the pictures.
        along: their principal axes.
        way: of LAYOUTS.
        number: its setting.
    """
    guest = of.photo if of.row is None else None
    values = of.features.values if guest is None else np.vstack((of.features.values, guest))
    photo = None if guest is None else of.view.seen.digest
    return Result(
        of.view.classifier.key,
        "layout",
        (of.features.place, of.pictures.key, way, number, photo),
        lambda report: lay_out(way, along.coordinates(values), number, report),
        f"{LAYOUTS[way].title} of {len(values):,} pictures",
        "slow",
    )


def agreement(of: Cloud, metric: str) -> Result[tuple[float, int]] | None:
    """How often most of a picture's nearest others are of its own kind.

    Returns:
        The share, and of how many pictures: those whose kind another picture is of, too. None where there are none.
    """
    rows = np.flatnonzero(of.features.kinds != UNKNOWN)
    kinds, groups = of.features.kinds[rows], of.groups[rows]
    counts = Counter(kind for kind, _ in set(zip(kinds.tolist(), groups.tolist(), strict=True)))
    shared = np.array([counts[kind] > 1 for kind in kinds.tolist()], dtype=bool)
    if not shared.any():
        return None

    def work(_: object) -> tuple[float, int]:
        votes = classify_by_neighbours(
            of.features.values[rows], kinds, groups=groups, metric=METRICS[metric], count=NEAREST
        )
        return float((votes == kinds)[shared].mean()), int(shared.sum())

    return _of_features(of, "agreement of neighbours", (metric,), work, "Nearest pictures")


def _of_features(of: Cloud, kind: str, details: tuple[Hashable, ...], work: Work[T], what: str) -> Result[T]:
    lane: Lane = "quick" if of.features.values.size < QUICK_NUMBERS else "slow"
    key = of.view.classifier.key
    return Result(key, kind, (of.features.place, of.pictures.key, *details), work, what, lane)


def pictures(of: Cloud, rows: Sequence[int]) -> Result[list[np.ndarray]]:
    """Pictures as the network sees them, (H, W, 3) uint8 each."""
    side = of.view.classifier.preprocessing.size
    indices = [int(of.features.pictures[row]) for row in rows]
    whole = ReceptiveField(side, (1, 1), (0, 0), (0, 0, *side))
    return excerpts(of.view, of.pictures, indices, [0] * len(indices), whole)
