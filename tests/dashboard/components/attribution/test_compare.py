"""What stands side by side: classes, photos and networks."""

from __future__ import annotations

import pytest

from tests.dashboard.components.component import drawn, left, sound, texts


def script():
    import streamlit as st

    from dashboard import session
    from dashboard.components.attribution import compare
    from dashboard.components.look import look

    session.begin()
    for column in compare.subjects(look(session.visit().selection)):
        st.text(f"{column.view.model.name} {column.view.picture.address} {column.target} {column.versus}")
        st.caption(column.title)


@pytest.mark.parametrize(
    ("address", "columns"),
    [
        ({}, ["cnn mnist-10k/test/17 7 None"]),
        ({"versus": "7"}, ["cnn mnist-10k/test/17 7 None"]),
        (
            {"versus": "1"},
            ["cnn mnist-10k/test/17 7 1", "cnn mnist-10k/test/17 7 None", "cnn mnist-10k/test/17 1 None"],
        ),
        ({"against": "mlp"}, ["cnn mnist-10k/test/17 7 None", "mlp mnist-10k/test/17 7 None"]),
        (
            {"image": ["mnist-10k/test/17", "mnist-10k/test/0"]},
            ["cnn mnist-10k/test/17 7 None", "cnn mnist-10k/test/0 4 None"],
        ),
    ],
)
def test_each_thing_to_compare_has_its_column(address, columns):
    app = drawn(script, {"model": "cnn", "image": "mnist-10k/test/17"} | address)
    assert [text.value for text in app.text] == columns


def test_a_difference_is_called_one():
    app = drawn(script, {"model": "cnn", "image": "mnist-10k/test/17", "versus": "1"})
    assert [caption.value for caption in app.caption] == ["7 rather than 1", "7", "1"]


def headed():
    from dashboard import session
    from dashboard.components.attribution import compare
    from dashboard.components.look import look

    session.begin()
    view = look(session.visit().selection)
    columns = compare.subjects(view)
    compare.headline(view, columns)
    compare.scale(columns)


@pytest.mark.parametrize(
    ("address", "begins"),
    [
        ({"against": "mlp"}, "Small CNN says 7 ("),
        ({"image": ["mnist-10k/test/17", "mnist-10k/test/0"]}, "Small CNN says 7 ("),
        ({"versus": "1"}, "Small CNN says 7 ("),
        ({}, "Small CNN is "),
    ],
)
def test_what_is_compared_is_said_first(address, begins):
    app = drawn(headed, {"model": "cnn", "image": "mnist-10k/test/17"} | address)
    assert texts(app.header)[0].startswith(begins)
    assert len(app.toggle) == bool(address)


def test_a_common_scale_is_in_the_address():
    app = drawn(headed, {"model": "cnn", "image": "mnist-10k/test/17", "versus": "1"})
    assert texts(app.header) == [texts(app.header)[0].partition(",")[0] + ", and is right."]
    sound(app.toggle(key="common").set_value(True).run())
    assert left(app)["p.common"] == "1"
