"""The choice of a layer and of its channel."""

from __future__ import annotations

import pytest

from dashboard.inspection.activations.layer_maps import layer_maps
from tests.dashboard.components.component import drawn, left, on_view, plain, sound, view_of


def picked(layer="block1.conv"):
    import streamlit as st

    from dashboard import session
    from dashboard.components import layers
    from dashboard.components.look import look
    from dashboard.components.wait import wait
    from dashboard.results import activations

    session.begin()
    view = look(session.visit().selection)
    call = view.survey.find(layer)
    assert call is not None
    channels = wait(activations.layer_maps(view, call))
    unit = layers.unit(view, channels)
    layers.unit_picker(channels, unit)
    st.text(str(unit))


def test_every_call_is_offered_in_its_order():
    view, app = view_of(), on_view("layers", "picker", None, "block1.relu")
    calls = view.survey.calls
    assert len(app.selectbox[0].options) == len(calls)
    assert app.selectbox[0].options[0].startswith("block1.conv · Conv2d · ")
    assert app.selectbox[0].value == "block1.relu"
    sound(app.selectbox[0].set_value("block2").run())
    assert left(app)["layer"] == "block2"


def test_a_name_that_is_none_chooses_nothing():
    assert on_view("layers", "picker", None, "no.such").selectbox[0].value is None


@pytest.mark.parametrize(("asked", "warned"), [("3", False), ("9999", True), (None, False)])
def test_the_channel_of_the_address_or_the_strongest(asked, warned):
    view = view_of()
    address = {"model": "cnn", "image": "mnist-10k/test/17"} | ({"unit": asked} if asked else {})
    app = drawn(picked, address)
    call = view.survey.find("block1.conv")
    assert call is not None
    channels = layer_maps(view.classifier, view.seen.inputs, call=call, classes=(0,))
    expected = 3 if asked == "3" else int(channels.strength.argmax())
    assert app.text[0].value == str(expected) == str(app.number_input[0].value)
    assert app.number_input[0].label == "Channel"
    assert bool(app.warning) is warned
    if warned:
        assert f"from 0 to {channels.channels - 1:,}" in plain(app.warning[0].value)
