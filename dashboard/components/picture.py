"""Pictures on a page, exactly as they were drawn."""

from __future__ import annotations

import io
import struct
from typing import Literal

import numpy as np
import streamlit as st
from PIL import Image
from streamlit.delta_generator import DeltaGenerator

from dashboard.charts import maps

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

    Left to itself, Streamlit turns a PNG without transparency into a JPEG, which smears pixels that are looked at, and
    a browser blurs few pixels over much room.

    Args:
        picture: PNG or JPEG.
        alt: what it shows, in words.
        caption: below it.
        width: in pixels, or how it fills its place.
        place: where it goes; None means here.
    """
    (place or st).image(
        _sharp(picture),
        alt=alt,
        caption=caption,
        width=width,
        output_format="PNG" if picture.startswith(PNG) else "JPEG",
    )


def _sharp(picture: bytes) -> bytes:
    """The picture, each pixel of a small PNG as a square of many."""
    if not picture.startswith(PNG) or min(struct.unpack(">II", picture[16:24])) > maps.SMALL:
        return picture
    with Image.open(io.BytesIO(picture)) as small:
        return maps.png(maps.enlarge(np.asarray(small.convert("RGB"))))
