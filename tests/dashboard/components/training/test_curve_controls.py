"""How curves are drawn: what the address says, and the controls."""

from __future__ import annotations

import pytest

from tests.dashboard.components.component import drawn, left, sound


def script(last=1000):
    import streamlit as st

    from dashboard import session
    from dashboard.components.training import curve_controls

    session.begin()
    style = curve_controls.current_style()
    curve_controls.controls(style, last)
    st.text(f"{style.smoothing:.2f} {style.log} {style.start} {style.end}")


@pytest.mark.parametrize(
    ("address", "style"),
    [
        ({}, "0.60 False None None"),
        ({"p.smoothing": "0", "p.log": "1"}, "0.00 True None None"),
        ({"p.smoothing": "500", "p.from": "100", "p.to": "400"}, "0.99 False 100 400"),
    ],
)
def test_the_style_of_the_address(address, style):
    assert drawn(script, address).text[0].value == style


def test_a_stretch_that_reaches_the_end_follows_a_run_that_goes_on():
    app = drawn(script, {"p.from": "100", "p.to": "400"})
    assert app.slider(key="steps").value == (100, 400)
    sound(app.slider(key="steps").set_value((200, 1000)).run())
    assert left(app) == {"p.from": "200"}
    sound(app.slider(key="smoothing").set_value(10).run())
    assert left(app)["p.smoothing"] == "10"


def test_without_steps_there_is_no_stretch_to_choose():
    assert [slider.key for slider in drawn(script, last=0).slider] == ["smoothing"]
