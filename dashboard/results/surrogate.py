"""A decision tree that imitates a network: its pictures, the pass over them, the tree, and one photo's way."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from dashboard.inspection.passes.pool import dataset_pool
from dashboard.inspection.surrogate import sample, verdict
from dashboard.inspection.surrogate.features import FEATURES as KINDS
from dashboard.inspection.surrogate.features import Kind
from dashboard.inspection.surrogate.reading import read, read_one
from dashboard.inspection.surrogate.sample import Sample
from dashboard.inspection.surrogate.tree import grow as imitated
from dashboard.parameters import FEATURES
from dashboard.records.network import LayerCall
from dashboard.records.surrogate import Readings, Surrogate
from dashboard.results.pools import pool
from dashboard.results.result import Order
from dashboard.view import View
from models import datasets
from models.datasets.names import PHOTOS


@dataclass(frozen=True, eq=False)
class Subject:
    """A network, and what a tree may ask about its pictures.

    Attributes:
        view: the network and the chosen photo.
        kind: of the features.
        call: whose units they are; None where they are no units.
        sample: the pictures.
    """

    view: View
    kind: Kind
    call: LayerCall | None
    sample: Sample

    @property
    def layer(self) -> str:
        """Name of the layer; empty without one."""
        return "" if self.call is None else self.call.name

    @property
    def key(self) -> Hashable:
        """Names and digests that determine the readings."""
        return self.view.classifier.key, self.layer, self.sample.pool.key


def offered(view: View) -> dict[str, Kind]:
    """The features that the network's pictures have, by name."""
    return {name: kind for name, kind in KINDS.items() if kind.fits(view.classifier.preprocessing)}


def chosen(view: View) -> str:
    """The features of the address, or the first that there are."""
    return FEATURES.read(view.selection.parameters, offered(view))


def asked(view: View, own: Sequence[str] = (), owner: str | None = None) -> Subject:
    """What a tree is grown from, by the address.

    Args:
        view: the network and the chosen photo.
        own: addresses of pictures that its visitor dropped.
        owner: who that is.
    """
    kind = KINDS[chosen(view)]
    return Subject(view, kind, view.layer if kind.of_layer else None, _pictures(view, own, owner))


def _pictures(view: View, own: Sequence[str], owner: str | None) -> Sample:
    if view.model.fits == PHOTOS:
        return sample.split_at_random(pool(view, own, owner))
    dataset = datasets.find(view.model.fits)
    if not view.model.trained:
        return sample.hold_out_all(dataset_pool(dataset, view.classifier))
    return sample.split_dataset(dataset, view.classifier)


def refused(subject: Subject, read: Callable[[], Readings]) -> str | None:
    """Why there is no tree; None where there is one.

    Args:
        subject: what a tree would be grown from.
        read: gets the readings, where it takes them to tell.
    """
    if subject.kind.of_layer and subject.call is None:
        return (
            "No layer of this network puts out one tensor, so there are no units that a tree could ask about."
        )
    view = subject.view
    return verdict.too_few(subject.sample) or verdict.nothing_to_explain(
        read(), view.classifier.classes, trained=view.model.trained
    )


def readings(subject: Subject) -> Order[Readings]:
    """What the network answers to all pictures."""
    return Order(
        ("surrogate readings", subject.key),
        lambda report: read(subject.view.classifier, subject.sample, subject.call, report),
        f"The network's answers to {subject.sample.pool.title}",
        "slow",
    )


def tree(subject: Subject, found: Readings) -> Order[Surrogate]:
    """The tree, of full depth."""
    classes, kind, layer = subject.view.classifier.classes, subject.kind, subject.layer
    return Order(
        ("surrogate", kind.title, subject.key),
        lambda report: imitated(found, kind.of(found, classes, layer), report),
        "Growing the tree",
        "slow",
    )


def photo(subject: Subject) -> Order[Readings]:
    """The chosen photo, as the others are read."""
    view = subject.view
    return Order(
        ("surrogate photo", view.classifier.key, view.seen.digest, subject.layer),
        lambda _: read_one(view.classifier, view.seen.inputs, subject.call),
        "The chosen photo",
    )
