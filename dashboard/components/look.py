"""What pages look at, from caches."""

from __future__ import annotations

import dataclasses

import streamlit as st

from dashboard import cache, session
from dashboard.components import say
from dashboard.components.wait import wait
from dashboard.records.pictures import NetworkInput, Prediction
from dashboard.results.checkpoints import fetch
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
    if not model.on_board:
        try:
            wait(fetch(model))
        except UserError as refusal:
            raise UserError(f"{model.title} is not on this machine yet: {refusal}") from refusal
    if model.name in MODELS:
        return cache.classifier(model.identity, model.content)
    # What is brought is tried when it is opened, which takes a moment.
    with st.spinner(say.plain(f"Opening {model.title} and trying it on photos")):
        return cache.classifier(model.identity, model.content)
