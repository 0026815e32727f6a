"""Pictures on a page, exactly as they were drawn."""

from __future__ import annotations

import io

from PIL import Image
from streamlit.testing.v1 import AppTest

from tests.dashboard.components.component import drawn


def script(content):
    import streamlit as st

    from dashboard.components.picture import show

    show(content, alt="A square", caption="Below", width=112)
    show(content, alt="Elsewhere", place=st.container())


def encoded(kind: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(file, kind)
    return file.getvalue()


def pictures(app: AppTest) -> list[object]:
    return [picture for element in app.get("image") for picture in element.proto.imgs]


def test_a_picture_has_its_words_and_keeps_its_format():
    for kind, ending in (("PNG", ".png"), ("JPEG", ".jpg")):
        first, second = pictures(drawn(script, content=encoded(kind)))
        assert (first.alt, first.caption, second.alt) == ("A square", "Below", "Elsewhere")  # type: ignore[attr-defined]
        assert first.url.endswith(ending) and second.url == first.url  # type: ignore[attr-defined]
