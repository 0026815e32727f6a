"""The pictures that the views go over, the visitor's own included."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.components import say
from dashboard.inspection.passes.pool import Pool
from dashboard.results import pools
from dashboard.view import View


def pool(view: View) -> Pool:
    """The pictures that fit the network."""
    return pools.pool(view, session.own_pictures(), session.owner())


def tell_omissions(pictures: Pool, read: int) -> None:
    """A warning where some pictures could not be read, and what was passed over when they were gathered."""
    missing = len(pictures) - read
    if missing:
        say.warning(f"{missing:,} of {pictures.title} could not be read and are left out.")
    if pictures.remark:
        st.caption(say.plain(pictures.remark))
