"""A decision tree that imitates a network: its pictures, the pass over them, the tree, and one photo's way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dashboard.inspection.passes.pool import dataset_pool
from dashboard.inspection.surrogate import sample, verdict
from dashboard.inspection.surrogate.features import FEATURES as KINDS
from dashboard.inspection.surrogate.features import Kind
from dashboard.inspection.surrogate.reading import read, read_one
from dashboard.inspection.surrogate.sample import Sample
from dashboard.inspection.surrogate.tree import grow
from dashboard.parameters import FEATURES
from dashboard.records.network import LayerCall
from dashboard.records.surrogate import Readings, Surrogate
from dashboard.results.pools import pool
from dashboard.results.result import Result
from dashboard.view import View
from models import datasets
from models.datasets.names import PHOTOS


@dataclass(frozen=True, eq=False)
class Imitation:
    """A network that is imitated, and what the tree may ask about its pictures.

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
    def details(self) -> tuple[str, str]:
        """What determines the readings besides the network."""
        return self.layer, self.sample.pool.key


def kinds(view: View) -> dict[str, Kind]:
    """The features that the network's pictures have, by name."""
    return {name: kind for name, kind in KINDS.items() if kind.fits(view.classifier.preprocessing)}


def chosen_kind(view: View) -> str:
    """The features of the address, or the first that there are."""
    return FEATURES.read(view.selection.parameters, kinds(view))


def imitation(view: View, own: Sequence[str] = (), owner: str | None = None) -> Imitation:
    """What a tree is grow from, by the address.

    Args:
        view: the network and the chosen photo.
        own: addresses of pictures that its visitor dropped.
        owner: who that is.
    """
    kind = KINDS[chosen_kind(view)]
    return Imitation(view, kind, view.layer if kind.of_layer else None, _pictures(view, own, owner))


def _pictures(view: View, own: Sequence[str], owner: str | None) -> Sample:
    if view.model.fits == PHOTOS:
        return sample.split_at_random(pool(view, own, owner))
    dataset = datasets.find_dataset(view.model.fits)
    if not view.model.trained:
        return sample.hold_out_all(dataset_pool(dataset, view.classifier))
    return sample.split_dataset(dataset, view.classifier)


def refusal(imitation: Imitation, ask: Callable[[], Readings]) -> str | None:
    """Why there is no tree; None where there is one.

    Args:
        imitation: what a tree would be grow from.
        ask: gets the readings, where it takes them to tell.
    """
    if imitation.kind.of_layer and imitation.call is None:
        return (
            "No layer of this network puts out one tensor, so there are no units that a tree could ask about."
        )
    view = imitation.view
    if view.classifier.contract.reading != "one of several":
        return verdict.NO_CLASSES
    return verdict.too_few(imitation.sample) or verdict.nothing_to_explain(
        ask(), view.classifier.classes, trained=view.model.trained
    )


def readings(imitation: Imitation) -> Result[Readings]:
    """What the network answers to all pictures."""
    return Result(
        imitation.view.classifier.key,
        "readings of pictures",
        imitation.details,
        lambda report: read(imitation.view.classifier, imitation.sample, imitation.call, report),
        f"The network's answers to {imitation.sample.pool.title}",
        "slow",
    )


def tree(imitation: Imitation, readings: Readings) -> Result[Surrogate]:
    """The tree, of full depth."""
    classes, kind, layer = imitation.view.classifier.classes, imitation.kind, imitation.layer
    return Result(
        imitation.view.classifier.key,
        "tree",
        (kind.title, *imitation.details),
        lambda report: grow(readings, kind.of(readings, classes, layer), report),
        "Growing the tree",
        "slow",
    )


def photo(imitation: Imitation) -> Result[Readings]:
    """The chosen photo, as the others are read."""
    view = imitation.view
    return Result(
        view.classifier.key,
        "readings of a photo",
        (view.seen.digest, imitation.layer),
        lambda _: read_one(view.classifier, view.seen.inputs, imitation.call),
        "The chosen photo",
    )
