"""The sidebar: network, picture and class, the same on every page."""

from __future__ import annotations

import pytest

from tests.dashboard.components.component import alternatives, drawn, left, sound, texts


def script():
    import streamlit as st

    from dashboard.components import frame

    frame.draw(st.container(), "weights")


def page(**address):
    return drawn(script, {"model": "cnn", "image": "mnist-10k/test/17"} | address)


def test_network_picture_and_class_are_those_of_the_address():
    app = page(target="3")
    assert [app.sidebar.selectbox(key=key).value for key in ("model", "image", "target")] == [
        "cnn",
        "mnist-10k/test/17",
        3,
    ]
    assert "MNIST 10k, test 17" in alternatives(app)
    assert app.button(key="to-report").label == "Report"


def test_where_the_sidebar_is_folded_network_and_photo_are_told_as_they_are_called():
    (line,) = (element.proto.body for element in page().get("html"))
    assert 'class="pixels"' in line and "<span>Small CNN (MNIST 10k): MNIST 10k, test 17</span>" in line


def test_a_class_is_pinned_and_let_go_again():
    app = page()
    assert app.sidebar.selectbox(key="target").value == "follow"
    sound(app.sidebar.selectbox(key="target").set_value(5).run())
    assert left(app)["target"] == "5"
    sound(app.sidebar.selectbox(key="target").set_value("follow").run())
    assert "target" not in left(app)


def test_a_photo_can_become_a_digit_for_a_network_of_digits():
    assert not page().sidebar.toggle
    app = page(image="cameraman")
    sound(app.sidebar.toggle(key="digit").set_value(True).run())
    assert left(app)["p.digit"] == "1"


@pytest.mark.slow
def test_what_cannot_be_had_is_said_and_the_default_shown():
    app = page(model="no_such", target="99999")
    assert "model" not in left(app) and len(texts(app.warning)) >= 1


def test_who_signed_in_stands_in_the_frame_with_the_way_out(monkeypatch):
    from dashboard import sign_in

    assert "sign-out" not in [button.key for button in page().sidebar.button]
    monkeypatch.setattr(sign_in, "is_required", lambda: True)
    monkeypatch.setattr(sign_in, "person", lambda: sign_in.Person("person:1", "Ada *L*"))
    app = page()
    assert app.sidebar.button(key="sign-out").label == "Sign out"
    assert app.sidebar.caption[-1].value == r"Signed in as Ada \*L\*"
