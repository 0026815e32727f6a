"""What a picture is made for: the choice of the number, the direction, the place and the settings."""

from __future__ import annotations

import pytest

from tests.dashboard.components.component import drawn, left, sound, texts


def script(layer="block1.conv"):
    import streamlit as st

    from dashboard import session
    from dashboard.components.activations import aims
    from dashboard.components.look import look

    session.begin()
    view = look(session.visit().selection)
    what, aim = aims.pick_aim(view, view.survey.find(layer))
    st.text(what)
    st.text(f"{aim.call.name if aim.call else None} {aim.unit} {aim.avoid} {aim.everywhere}")
    st.text(f"{aim.steps} {aim.seed} {aim.still}")


def page(**settings):
    return drawn(script, {"model": "cnn", "image": "mnist-10k/test/17", "unit": "2"} | settings)


def said(app):
    return [text.value for text in app.text]


def test_a_channel_with_the_usual_settings_comes_first():
    assert said(page()) == ["channel 2 of block1.conv", "block1.conv 2 False False", "128 0 False"]


def test_all_that_an_address_says_is_taken():
    settings = {"p.avoid": "1", "p.everywhere": "1", "p.still": "1", "p.steps": "32", "p.seed": "7"}
    assert said(page(**settings)) == ["channel 2 of block1.conv", "block1.conv 2 True True", "32 7 True"]


def test_a_class_has_no_layer_and_no_place():
    app = page(**{"p.of": "class", "p.everywhere": "1"})
    assert said(app) == ["the class 7", "None 7 False False", "128 0 False"]
    assert not app.selectbox


@pytest.mark.parametrize(
    ("name", "text", "warning"),
    [
        ("p.of", "photo", "A picture can be made for a channel or a class; 'photo' is neither."),
        ("p.steps", "33", "'33' is not offered for steps; choose one of 32, 64, 128, 256, 512."),
        ("p.seed", "1000", "'1000' is not offered for seed; choose one from 0 to 999."),
        ("p.seed", "x", "'x' is not offered for seed; choose one from 0 to 999."),
    ],
)
def test_what_is_not_offered_is_said_and_the_default_taken(name, text, warning):
    app = page(**{name: text})
    assert texts(app.warning) == [warning]
    assert said(app) == ["channel 2 of block1.conv", "block1.conv 2 False False", "128 0 False"]


def test_choices_are_in_the_address_and_defaults_are_not():
    app = page(**{"p.avoid": "1"})
    sound(app.segmented_control(key="where").set_value("everywhere").run())
    sound(app.segmented_control(key="direction").set_value("most").run())
    assert left(app)["p.everywhere"] == "1" and "p.avoid" not in left(app)
