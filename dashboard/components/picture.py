"""Pictures on a page, exactly as they were drawn."""

from __future__ import annotations

from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

PNG = b"\x89PNG"


def show(
    picture: bytes,
    *,
    alt: str,
    caption: str | None = None,
    width: int | Literal["stretch", "content"] = "stretch",
    place: DeltaGenerator | None = None,
) -> None:
    """A picture with its alternative text.

    Left to itself, Streamlit turns a PNG without transparency into a JPEG, which smears pixels that are looked at.

    Args:
        picture: PNG or JPEG.
        alt: what it shows, in words.
        caption: below it.
        width: in pixels, or how it fills its place.
        place: where it goes; None means here.
    """
    (place or st).image(
        picture,
        alt=alt,
        caption=caption,
        width=width,
        output_format="PNG" if picture.startswith(PNG) else "JPEG",
    )
