"""What pages look at, from caches."""

from __future__ import annotations

import dataclasses

from dashboard import cache, session
from dashboard.components.wait import wait
from dashboard.records.pictures import NetworkInput, Prediction
from dashboard.results.checkpoints import open_network
from dashboard.selection import Selection
from dashboard.view import View, build_view
from models.classifier import Classifier
from models.networks import find_network
from models.runtime.errors import UserError
from models.zoo import MODELS
from models.zoo.entry import Model


def look(selection: Selection) -> View:
    """The network and the first picture of a selection.

    Raises:
        UserError: if the weights cannot be had or the picture cannot be read.
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


def load(model: Model) -> Classifier:
    """The network, its weights fetched first where they are not on this machine, with progress.

    Raises:
        UserError: if the weights cannot be had.
    """
    # What is brought is tried when it is opened, which takes a moment.
    if model.name not in MODELS:
        try:
            wait(open_network(model, cache.classifier))
        except UserError as refusal:
            if model.on_board:
                raise
            raise UserError(f"{model.title} is not on this machine yet: {refusal}") from refusal
    return cache.classifier(model.identity, model.content)
