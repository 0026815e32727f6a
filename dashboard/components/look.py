"""What pages look at, from caches."""

from __future__ import annotations

import dataclasses

from dashboard import cache, pictures, session
from dashboard.components.wait import wait
from dashboard.results.checkpoints import fetch
from dashboard.selection import Selection
from dashboard.view import View, is_digit, may_be_digit, mismatch, viewed
from models.classifier import Classifier
from models.networks import find_network
from models.runtime.errors import UserError
from models.zoo.entry import Model

# What pages and components take from here; the first three know no session and live in `dashboard.view`.
__all__ = ["View", "look", "may_be_digit", "mismatch", "of", "ready"]


def look(selection: Selection) -> View:
    """The network and the first picture of a selection.

    Raises:
        UserError: if the weights cannot be had or the picture cannot be read.
    """
    model = find_network(selection.model)
    classifier = ready(model)
    picture = pictures.label(selection.image, session.owner())
    digit = is_digit(selection, model, picture)
    return viewed(
        selection,
        model,
        classifier,
        picture=picture,
        seen=cache.seen(classifier, picture.address, digit),
        prediction=cache.prediction(classifier, picture.address, digit),
        survey=cache.survey(classifier, pictures.start(model.fits)),
    )


def of(selection: Selection, **changes: object) -> View:
    """The view of a selection with some fields changed, for comparisons."""
    return look(dataclasses.replace(selection, **changes))  # type: ignore[arg-type]  # fields of Selection


def ready(model: Model) -> Classifier:
    """The network, its weights fetched first where they are not on this machine, with progress.

    Raises:
        UserError: if the weights cannot be had.
    """
    if not model.on_board:
        try:
            wait(fetch(model))
        except UserError as refusal:
            raise UserError(f"{model.title} is not on this machine yet: {refusal}") from refusal
    return cache.classifier(model.identity, model.content)
