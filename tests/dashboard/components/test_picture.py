"""Pictures on a page, exactly as they were drawn."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image
from streamlit.testing.v1 import AppTest

from dashboard.components.picture import _sharp
from tests.dashboard.components.component import drawn


def script(content):
    import streamlit as st

    from dashboard.components.picture import show

    show(content, alt="A square", caption="Below", width=112)
    show(content, alt="Elsewhere", place=st.container())


def encoded(kind: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (80, 80), "teal").save(file, kind)
    return file.getvalue()


def pictures(app: AppTest) -> list[object]:
    return [picture for element in app.get("image") for picture in element.proto.imgs]


def test_a_picture_has_its_words_and_keeps_its_format():
    for kind, ending in (("PNG", ".png"), ("JPEG", ".jpg")):
        first, second = pictures(drawn(script, content=encoded(kind)))
        assert (first.alt, first.caption, second.alt) == ("A square", "Below", "Elsewhere")  # type: ignore[attr-defined]
        assert first.url.endswith(ending) and second.url == first.url  # type: ignore[attr-defined]


def test_few_pixels_are_sent_as_squares_so_that_no_browser_blurs_them():
    file = io.BytesIO()
    pixels = np.random.default_rng(0).integers(0, 255, (28, 28, 3), np.uint8)
    Image.fromarray(pixels).save(file, "PNG")
    with Image.open(io.BytesIO(_sharp(file.getvalue()))) as large:
        assert large.size == (448, 448)
        np.testing.assert_array_equal(np.asarray(large)[::16, ::16], pixels)
        np.testing.assert_array_equal(np.asarray(large)[15::16, 15::16], pixels)
    file = io.BytesIO()
    Image.new("RGB", (448, 10)).save(file, "PNG")
    with Image.open(io.BytesIO(_sharp(file.getvalue()))) as scale:
        assert scale.size == (448, 10)
