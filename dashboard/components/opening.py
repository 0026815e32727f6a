"""The first second of a visit: photo, names and frame where they will stand, before anything heavy is loaded."""

from __future__ import annotations

import io
from dataclasses import dataclass

import streamlit as st
from PIL import ImageOps
from streamlit.delta_generator import DeltaGenerator

from dashboard import pictures, session
from dashboard.components import say
from dashboard.selection import Selection
from models.kinds import PICTURES
from models.networks import find_network
from models.runtime.errors import UserError

# Pixels on each side of the photo while it waits.
SIDE = 448
ALT = "The photo that the network is about to look at"


@dataclass(frozen=True)
class Glimpse:
    """What can be told of what is looked at before it is.

    Attributes:
        network: what it is called.
        title: of the picture.
        picture: its middle, as a JPEG; empty where it cannot be read.
    """

    network: str
    title: str
    picture: bytes = b""


def glimpse(selection: Selection) -> Glimpse:
    """The names of network and picture, and the picture. Raises UserError where there is no such picture."""
    network, found = find_network(selection.model).title, pictures.find(selection.image)
    try:
        middle = ImageOps.fit(found.open().convert("RGB"), (SIDE, SIDE))
    except UserError:
        return Glimpse(network, found.title)
    written = io.BytesIO()
    middle.save(written, "JPEG", quality=90)
    return Glimpse(network, found.title, written.getvalue())


def draw(page: DeltaGenerator, sidebar: DeltaGenerator, reads: str) -> None:
    """What is about to be looked at; nothing where this visit has begun already, or it is no picture.

    Args:
        page: an empty slot of the page.
        sidebar: an empty slot of the frame.
        reads: kind of input of the page's networks; empty where it looks at any.
    """
    selection = session.glance()
    if selection is None or reads not in (PICTURES, "") or find_network(selection.model).reads != PICTURES:
        return
    seen = glimpse(selection)
    with page.container():
        st.header(say.plain(f"{seen.network} is about to look at: {seen.title}."))
        picture, words = st.columns(2, gap="large")
        if seen.picture:
            picture.image(seen.picture, alt=ALT, width="stretch", output_format="JPEG")
        words.markdown("Opening the network and the first picture ...")
    with sidebar.container():
        for label, name in (("Network", seen.network), ("Photo", seen.title)):
            st.caption(label)
            st.markdown(say.plain(name))
        if seen.picture:
            st.image(seen.picture, alt=ALT, width="stretch", output_format="JPEG")
