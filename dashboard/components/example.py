"""The finished view of a small network, framed, where the network that is looked at has not what it takes."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import pictures, session
from dashboard.components import say
from dashboard.components.look import look
from dashboard.selection import with_model
from dashboard.view import View
from models import zoo
from models.datasets.names import PHOTOS
from models.networks import find_network
from models.zoo.entry import Model


def small_network(besides: str = "", start: str = "") -> Model:
    """The first trained network that brings its own labelled pictures; its answers take a second.

    Args:
        besides: name of one that is not meant.
        start: address of a picture that fits it; empty for any.
    """
    return next(
        model
        for model in zoo.MODELS.values()
        if model.fits != PHOTOS
        and model.trained
        and model.name != besides
        and (not start or pictures.belongs(start, model.fits))
    )


def draw(view: View, show: Callable[[View], object], name: str = "", start: str = "") -> None:
    """An example that says first what it is, with the way to look at that network.

    Args:
        view: what is looked at.
        show: draws the example's view; nothing in it may choose, because a choice is about what is looked at.
        name: of the network that is shown; empty means a small one, which fits the picture.
        start: address of the picture that it looks at; empty means the one that it starts with.
    """
    model = find_network(name) if name else small_network(start=start)
    with st.container(border=True, key="example"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.subheader(say.plain(f"An example, not {view.model.title}: {model.title}"), width="content")
            st.button(
                f"Look at {model.title}",
                key="example-look",
                icon=":material/visibility:",
                on_click=session.choose_model,
                args=(model.name, start),
            )
        start = start or pictures.start(model.fits)
        show(look(with_model(view.selection, model.name, fits=lambda image: image == start, start=start)))
