"""Many pictures as features, the photo among them, and the jobs that find places and neighbours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.components.activations import inside, pools
from dashboard.components.look import View
from dashboard.components.wait import slot, stoppable, wait
from dashboard.inspection.embedding.features import features, picture_features
from dashboard.inspection.embedding.layout import AXES, LAYOUTS, lay_out
from dashboard.inspection.embedding.nearest import METRICS, classify_by_neighbours, nearest_neighbours
from dashboard.inspection.embedding.principal import principal_axes
from dashboard.inspection.passes.pool import Item, Pool
from dashboard.jobs import GATE, Lane
from dashboard.records.activations import ReceptiveField
from dashboard.records.embedding import UNKNOWN, Features, Neighbours, Place, PrincipalAxes
from dashboard.wording.embedding import class_name

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
        found: the pool's features.
        photo: (D,) the photo's own; None where they are no numbers.
        row: of the photo in the features; None where it is none of the pictures.
    """

    view: View
    pictures: Pool
    found: Features
    photo: np.ndarray | None
    row: int | None

    def item(self, row: int) -> Item:
        """The picture of a row."""
        return self.pictures.items[int(self.found.pictures[row])]

    @property
    def kinds(self) -> np.ndarray:
        """(N,) the class of each picture; the network's answer where classes are not known."""
        return self.found.kinds

    @property
    def groups(self) -> np.ndarray:
        """(N,) pictures that are cut out of the same one have the same number."""
        first: dict[str, int] = {}
        numbers = [first.setdefault(item.address, at) for at, item in enumerate(self.pictures.items)]
        groups: np.ndarray = np.array(numbers)[self.found.pictures]
        return groups

    @property
    def others(self) -> np.ndarray:
        """(N,) bool, which are neither the photo nor cut out of it."""
        address = self.view.selection.image
        return np.array([self.item(row).address != address for row in range(len(self.found))], dtype=bool)

    def name(self, kind: int) -> str:
        """Name of a class."""
        return class_name(self.view.prediction.classes, kind)

    def key(self, *more: Hashable) -> tuple[Hashable, ...]:
        """Names a result of the features."""
        return (*more, *_key(self.view, self.found.place, self.pictures))

    @property
    def lane(self) -> Lane:
        """Where work on all features queues."""
        return "quick" if self.found.values.size < QUICK_NUMBERS else "slow"


def cloud(view: View, place: Place) -> Cloud:
    """The pictures that fit the network, and the photo, at one place; the visitor may stop the pass."""
    pictures = pools.pool(view)
    found = stoppable(
        ("features", *_key(view, place, pictures)),
        lambda report: features(view.classifier, place, pictures, report),
        f"Features of {pictures.title}",
    )
    photo = wait(
        lambda: GATE.submit(
            ("features of one", view.classifier.key, view.seen.digest, place),
            lambda _: picture_features(view.classifier, place, view.seen.inputs),
            lane="quick",
        ),
        "Features of this photo",
        slot(),
    )
    known = bool(np.isfinite(photo).all())
    return Cloud(view, pictures, found, photo if known else None, _row(view, pictures, found))


def _key(view: View, place: Place, pictures: Pool) -> tuple[Hashable, ...]:
    """What determines the features of many pictures."""
    classifier = view.classifier
    return classifier.key, place, pictures.key


def _row(view: View, pictures: Pool, found: Features) -> int | None:
    """The row of the photo; of the pictures with its address the first is the whole one."""
    whole = next((at for at, item in enumerate(pictures.items) if item.address == view.selection.image), -1)
    rows = np.flatnonzero(found.pictures == whole)
    return int(rows[0]) if len(rows) and not view.digit else None


def axes(of: Cloud) -> PrincipalAxes:
    """The axes along which the pictures vary most."""
    return wait(
        lambda: GATE.submit(
            of.key("principal axes"), lambda _: principal_axes(of.found.values, AXES), lane=of.lane
        ),
        "Principal axes",
        slot(),
    )


def places(of: Cloud, along: PrincipalAxes, way: str, number: int) -> tuple[np.ndarray, np.ndarray | None]:
    """Where a layout puts the pictures, (N, 2), and the photo, (2,); the visitor may stop it.

    Args:
        of: the pictures; a photo that is none of them takes part.
        along: their principal axes.
        way: of LAYOUTS.
        number: its setting.
    """
    guest = of.photo if of.row is None else None
    values = of.found.values if guest is None else np.vstack((of.found.values, guest))
    found = stoppable(
        of.key("layout", way, number, None if guest is None else of.view.seen.digest),
        lambda report: lay_out(way, along.coordinates(values), number, report),
        f"{LAYOUTS[way].title} of {len(values):,} pictures",
    )
    if guest is not None:
        return found[:-1], found[-1]
    return found, None if of.row is None else found[of.row]


def neighbours(of: Cloud, metric: str) -> Neighbours | None:
    """The pictures nearest to the photo, without the photo itself; None where it has no features."""
    if of.photo is None:
        return None
    return nearest_neighbours(
        of.found.values, of.photo, metric=METRICS[metric], count=NEAREST, among=of.others
    )


def agreement(of: Cloud, metric: str) -> tuple[float, int] | None:
    """How often most of a picture's nearest others are of its own kind.

    Returns:
        The share, and of how many pictures: those whose kind another picture is of, too. None where there are none.
    """
    rows = np.flatnonzero(of.kinds != UNKNOWN)
    kinds, groups = of.kinds[rows], of.groups[rows]
    counts = Counter(kind for kind, _ in set(zip(kinds.tolist(), groups.tolist(), strict=True)))
    shared = np.array([counts[kind] > 1 for kind in kinds.tolist()], dtype=bool)
    if not shared.any():
        return None
    voted = wait(
        lambda: GATE.submit(
            of.key("by neighbours", metric),
            lambda _: classify_by_neighbours(
                of.found.values[rows], kinds, groups=groups, metric=METRICS[metric], count=NEAREST
            ),
            lane=of.lane,
        ),
        "Nearest pictures",
        slot(),
    )
    return float((voted == kinds)[shared].mean()), int(shared.sum())


def shown(of: Cloud, rows: Sequence[int]) -> list[np.ndarray]:
    """Pictures as the network sees them, (H, W, 3) uint8 each."""
    side = of.view.classifier.preprocessing.size
    indices = [int(of.found.pictures[row]) for row in rows]
    whole = ReceptiveField(side, (1, 1), (0, 0), (0, 0, *side))
    return inside.cut(of.view, of.pictures, indices, [0] * len(indices), whole)
