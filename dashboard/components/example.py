"""The finished view of a small network, framed, where the network that is looked at has not what it takes."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import session
from dashboard.components import say
from dashboard.components.look import of
from dashboard.view import KNOWN, View
from models import zoo
from models.datasets.names import PHOTOS
from models.zoo.entry import Model


def small_network() -> Model:
    """The first trained network that brings its own labelled pictures; its answers take a second."""
    return next(model for model in zoo.MODELS.values() if model.fits != PHOTOS and model.trained)


def draw(view: View, show: Callable[[View], object]) -> None:
    """An example that says first what it is, with the way to look at that network.

    Args:
        view: what is looked at.
        show: draws the example's view; nothing in it may choose, because a choice is about what is looked at.
    """
    model = small_network()
    with st.container(border=True, key="example"):
        st.subheader(say.plain(f"An example, not {view.model.title}: {model.title}"))
        st.button(
            f"Look at {model.title}",
            key="example-look",
            icon=":material/visibility:",
            on_click=session.choose_model,
            args=(model.name,),
        )
        show(
            of(
                view.selection,
                model=model.name,
                images=(KNOWN.model(model.name),),
                target=None,
                versus=None,
                against=None,
                layer=None,
                unit=None,
            )
        )
