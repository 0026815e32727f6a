"""What stands side by side: classes, photos and networks."""

from __future__ import annotations

import pytest

from tests.dashboard.components.component import drawn, left, on_view, sound


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
            ["cnn mnist-10k/test/17 7 None", "cnn mnist-10k/test/17 1 None", "cnn mnist-10k/test/17 7 1"],
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
    assert [caption.value for caption in app.caption] == ["7", "1", "7 rather than 1"]


def test_choices_are_in_the_address_and_can_be_taken_back():
    app = on_view("attribution.compare", "pickers")
    sound(app.selectbox(key="versus").set_value(3).run())
    sound(app.selectbox(key="against").set_value("mlp").run())
    assert (left(app)["versus"], left(app)["against"]) == ("3", "mlp")
    sound(app.selectbox(key="versus").set_value(None).run())
    assert "versus" not in left(app)
    assert "7" not in app.selectbox(key="versus").options
