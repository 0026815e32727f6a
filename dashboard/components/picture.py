"""Pictures on a page, exactly as they were drawn."""

from __future__ import annotations

import base64
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
    inline: bool = False,
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
        inline: whether it is sent with the page: of pictures that follow each other quickly, a browser that fetches
            them finds some gone.
    """
    kind = "PNG" if picture.startswith(PNG) else "JPEG"
    sharp = _sharp(picture)
    (place or st).image(
        f"data:image/{kind.lower()};base64,{base64.b64encode(sharp).decode()}" if inline else sharp,
        alt=alt,
        caption=caption,
        width=width,
        output_format=kind,  # type: ignore[arg-type]  # one of two
    )


def _sharp(picture: bytes) -> bytes:
    """The picture, each pixel of a small PNG as a square of many."""
    if not picture.startswith(PNG) or min(struct.unpack(">II", picture[16:24])) > maps.SMALL:
        return picture
    with Image.open(io.BytesIO(picture)) as small:
        return maps.png(maps.enlarge(np.asarray(small.convert("RGB"))))
