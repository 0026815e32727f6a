"""The pictures that the views go over, and those of them that cannot be read."""

from __future__ import annotations

import pytest

from tests.dashboard.components.component import drawn, texts
from tests.models.datasets.folders import messy


def script(missing):
    import streamlit as st

    from dashboard import session
    from dashboard.components.activations import pools
    from dashboard.components.look import look

    session.begin()
    pictures = pools.pool(look(session.visit().selection))
    st.text(pictures.title)
    pools.tell_omissions(pictures, len(pictures) - missing)


@pytest.mark.parametrize("missing", [0, 3])
def test_pictures_that_fit_and_a_warning_for_each_that_is_missing(missing):
    app = drawn(script, {"model": "cnn", "image": "mnist-10k/test/0"}, missing=missing)
    title = app.text[0].value
    assert title == "the 2,000 test pictures of MNIST 10k"
    assert texts(app.warning) == [f"3 of {title} could not be read and are left out."][: missing // 3]


@pytest.mark.slow
def test_what_is_left_out_of_the_folder_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("VITRINE_IMAGES", str(messy(tmp_path / "messy")))
    app = drawn(script, {"model": "efficientnet_lite0"}, missing=0)
    (caption,) = [text for text in texts(app.caption) if "VITRINE_IMAGES" in text]
    for sentence in (
        "5 hidden or system files whose names end like pictures' are left out",
        "2 pictures are of a kind that is not read here",
        "2 subfolders hold no picture",
        "2 copies of pictures are left out",
    ):
        assert sentence in caption
