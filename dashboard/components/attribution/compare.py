"""What stands side by side: two classes, two photos or two networks, on one scale."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import streamlit as st

from dashboard import pictures, session
from dashboard.components import checkpoints, say
from dashboard.components.attribution.explain import MapSubject, subject
from dashboard.components.look import of
from dashboard.view import View
from models import zoo
from models.networks import find_network
from models.runtime.errors import UserError

T = TypeVar("T", int, str)
NOTHING = "None"


def subjects(view: View) -> list[MapSubject]:
    """The columns of maps that the selection asks for; the first is always the view's own."""
    selection = view.selection
    columns = [subject(view)]
    versus = selection.versus
    if versus is not None and versus != view.target:
        name = view.prediction.classes[versus]
        columns.append(MapSubject(view, versus, None, name))
        columns.append(MapSubject(view, view.target, versus, f"{view.title} rather than {name}"))
    try:
        if len(selection.images) > 1:
            columns.append(subject(of(selection, images=selection.images[1:])))
        if selection.against is not None:
            columns.append(subject(of(selection, model=selection.against, layer=None)))
    except UserError as refusal:
        say.problem(str(refusal))
    return columns


def pickers(view: View) -> None:
    """The choice of a second class, photo and network."""
    selection, prediction, owner = view.selection, view.prediction, session.owner()
    with st.popover("Compare", icon=":material/compare:"):
        _pick(
            "Second class",
            "versus",
            [index for index in prediction.ranking() if index != view.target],
            selection.versus,
            lambda index: prediction.classes[index],
            lambda index: session.choose(versus=index),
            "Why the chosen class rather than this one: both maps, and the map of the difference of their scores.",
        )
        _pick(
            "Second photo",
            "second-image",
            [image for image in _photos(view) if image != selection.image],
            next(iter(selection.images[1:]), None),
            lambda image: pictures.find(image, owner).title,
            lambda image: session.choose(images=(selection.image, *([image] if image else []))),
            "The same methods on another photo, on the same scale.",
        )
        _pick(
            "Second network",
            "against",
            [
                name
                for name in (*checkpoints.names(selection.model), *zoo.MODELS)
                if name != selection.model and find_network(name).fits == view.model.fits
            ],
            selection.against,
            lambda name: find_network(name).title,
            lambda name: session.choose(against=name),
            "The same photo and class in another network, on the same scale.",
        )


def _photos(view: View) -> tuple[str, ...]:
    return (*session.own_pictures(), *pictures.samples(view.model.fits))


def _pick(
    label: str,
    key: str,
    options: Sequence[T],
    chosen: T | None,
    title: Callable[[T], str],
    choose: Callable[[T | None], None],
    text: str,
) -> None:
    """A select box in which nothing may be chosen."""
    known = options if chosen is None or chosen in options else [chosen, *options]
    st.selectbox(
        label,
        known,
        index=None,
        format_func=title,
        key=session.control(key, chosen),
        on_change=lambda: choose(session.entry(key)),
        placeholder=NOTHING,
        help=text,
    )
