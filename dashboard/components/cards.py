"""Small pictures side by side, each with what is said of it and a click from its attribution; a sheet at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard import session
from dashboard.components import say
from dashboard.components.picture import show
from dashboard.navigation import find_page

WIDTH = 128
ATTRIBUTION = find_page("attribution")


def card(
    picture: bytes, lines: Sequence[str], *, address: str, alt: str, key: str, versus: int | None = None
) -> None:
    """One picture, and a button that explains it.

    Args:
        picture: PNG or JPEG.
        lines: below it; anybody's words.
        address: of the picture.
        alt: what it shows, in words.
        key: of the button.
        versus: class that "why this rather than that" is asked with, or None.
    """
    with st.container(width=WIDTH, gap="xsmall"):
        show(picture, alt=alt)
        st.caption("  \n".join(say.plain(line) for line in lines))
        pressed = st.button(
            "Why?",
            key=key,
            width="stretch",
            help="Look at this picture on the Attribution page.",
        )
    if pressed:
        session.switch(ATTRIBUTION.file, images=(address,), target=None, versus=versus)


def sheets(count: int, sheet: int, most: int, choose: Callable[[int | None], None], key: str) -> None:
    """Where among many things one is, and a step back and forth; nothing where they fit on one sheet.

    Args:
        count: of all things.
        sheet: that is shown, from 0.
        most: things on a sheet.
        choose: called with another sheet; None for the first.
        key: of the buttons.
    """
    last = max(count - 1, 0) // most
    if not last:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        for icon, to, text in (
            (":material/chevron_left:", sheet - 1, "Back"),
            (":material/chevron_right:", sheet + 1, "Next"),
        ):
            st.button(
                text,
                key=f"{key}-{text}",
                icon=icon,
                disabled=not 0 <= to <= last,
                on_click=choose,
                args=(to or None,),
            )
        first = sheet * most
        st.caption(f"{first + 1:,} to {min(first + most, count):,} of {count:,}", width="content")
