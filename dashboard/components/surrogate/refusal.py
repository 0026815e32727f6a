"""No tree: why not, and how to get one."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import cache, session
from dashboard.components import example, say
from dashboard.components.picture import show
from dashboard.components.surrogate import dial, drawing
from dashboard.components.surrogate import subject as subjects
from dashboard.inspection.surrogate import verdict
from dashboard.results import surrogate as results
from dashboard.results.surrogate import Imitation
from dashboard.view import View
from dashboard.wording.surrogate import headline
from models.datasets.names import PHOTOS
from models.runtime.errors import UserError

SHOWN = 8
WIDTH = 104


def draw(subject: Imitation, reason: str, top: DeltaGenerator) -> None:
    """The reason on top, what there is, and the way to a tree."""
    first, _, more = reason.partition(": ")
    top.header(say.plain(f"No tree: {first[:1].lower()}{first[1:].rstrip('.')}."))
    if subject.view.model.fits == PHOTOS:
        example.draw(subject.view, _example)
    else:
        _another(subject)
    if more:
        st.markdown(say.plain(f"{more[:1].upper()}{more[1:]}"))
    if subject.view.model.fits == PHOTOS:
        st.markdown(
            "This page grows a decision tree that imitates the network, and says how often the two agree. For networks "
            "for photographs it takes many photos, in a folder that the operator names in `VITRINE_IMAGES`; small "
            "networks bring their own pictures."
        )
    st.subheader("The pictures that are here")
    addresses = list(dict.fromkeys(item.address for item in subject.sample.pool.items))[:SHOWN]
    with st.container(horizontal=True, gap="small", key="here"):
        for address in addresses:
            _thumbnail(address)


def _example(view: View) -> None:
    """The tree of a network that brings its own pictures."""
    imitation = results.imitation(view, (), session.owner())
    tree = subjects.tree(imitation)
    depth = verdict.knee(tree)
    st.header(say.plain(headline(view.model.title, tree, depth, view.classifier.classes)))
    dial.over_depth(tree, depth)
    drawing.draw(tree, depth, imitation)


def _another(subject: Imitation) -> None:
    """A button to a network that has pictures of its own."""
    other = example.small_network(besides=subject.view.model.name)
    st.button(
        f"Grow a tree for {other.title}",
        key="another",
        icon=":material/park:",
        on_click=session.choose_model,
        args=(other.name,),
    )


def _thumbnail(address: str) -> None:
    try:
        picture = cache.thumbnail(address)
    except UserError:  # broken, or gone since it was listed
        return
    show(picture, width=WIDTH, alt="One of the pictures")
