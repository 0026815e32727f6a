"""What pages look at, from caches."""

from __future__ import annotations

import dataclasses
from typing import TypeVar

from dashboard import cache, session
from dashboard.components.wait import wait
from dashboard.records.pictures import NetworkInput, Prediction
from dashboard.results.checkpoints import open_network
from dashboard.selection import Selection
from dashboard.view import View, build_view
from models.classifier import Classifier, ReadyNetwork
from models.kinds import PICTURES
from models.networks import find_network, on_board
from models.runtime.errors import UserError
from models.zoo import MODELS
from models.zoo.entry import Model

N = TypeVar("N", bound=ReadyNetwork)


def look(selection: Selection) -> View:
    """The network and the first picture of a selection.

    Raises:
        UserError: if the network reads no pictures, its weights cannot be had or the picture cannot be read.
    """
    model = find_network(selection.model)
    return build_view(
        selection,
        model,
        load(model),
        session.owner(),
        read=_read,
        survey=cache.survey,
        is_digit=cache.is_digit,
    )


def _read(classifier: Classifier, image: str, digit: bool) -> tuple[NetworkInput, Prediction]:
    return cache.network_input(classifier, image, digit), cache.prediction(classifier, image, digit)


def of(selection: Selection, **changes: object) -> View:
    """The view of a selection with some fields changed, for comparisons."""
    return look(dataclasses.replace(selection, **changes))  # type: ignore[arg-type]  # fields of Selection


def find_view(selection: Selection) -> View | None:
    """The view of a selection; None where its network reads no pictures. Errors as of `look`."""
    return look(selection) if find_network(selection.model).reads == PICTURES else None


def find_entry(selection: Selection, reads: str) -> Model:
    """The entry that a page looks at: the selection's, unless the page is of another kind and has one of its own.

    Args:
        selection: whose network may read anything.
        reads: kind of input of the page's networks; empty where it looks at any.
    """
    entry = find_network(selection.model)
    if reads in (PICTURES, entry.reads, ""):
        return entry
    return next(map(find_network, on_board(reads)), entry)


def network(selection: Selection, kind: type[N]) -> N:
    """The network of the page that looks at those of that kind.

    Raises:
        UserError: if its weights cannot be had.
    """
    ready = load_any(find_entry(selection, kind.reads))
    assert isinstance(ready, kind), "the frame shows no page of another kind"
    return ready


def load_any(model: Model) -> ReadyNetwork:
    """The network, whatever it reads; errors as of `load`."""
    return load(model) if model.reads == PICTURES else cache.other_network(model.identity, model.content)


def load(model: Model) -> Classifier:
    """The network, its weights fetched first where they are not on this machine, with progress.

    Raises:
        UserError: if it reads no pictures, or the weights cannot be had.
    """
    model.require(PICTURES)
    # What is brought is tried when it is opened, which takes a moment.
    if model.name not in MODELS:
        try:
            wait(open_network(model, cache.classifier))
        except UserError as refusal:
            if model.on_board:
                raise
            raise UserError(f"{model.title} is not on this machine yet: {refusal}") from refusal
    return cache.classifier(model.identity, model.content)
