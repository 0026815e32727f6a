"""The pictures that the views go over, and those of them that cannot be read."""

from __future__ import annotations

import pytest

from tests.dashboard.components.component import drawn, texts


def script(missing):
    import streamlit as st

    from dashboard import session
    from dashboard.components.activations import pools
    from dashboard.components.look import look

    session.begin()
    pictures = pools.pool(look(session.visit().selection))
    st.text(pictures.title)
    pools.warn_of_unread(pictures, len(pictures) - missing)


@pytest.mark.parametrize("missing", [0, 3])
def test_pictures_that_fit_and_a_warning_for_each_that_is_missing(missing):
    app = drawn(script, {"model": "cnn", "image": "mnist-10k/test/0"}, missing=missing)
    title = app.text[0].value
    assert title == "the 2,000 test pictures of MNIST 10k"
    assert texts(app.warning) == [f"3 of {title} could not be read and are left out."][: missing // 3]
