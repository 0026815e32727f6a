"""How curves are drawn: what the address says, and the controls."""

from __future__ import annotations

import pytest

from dashboard.wording.curves import mark
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


def chosen(first=0, last=10, titles=()):
    import streamlit as st

    from dashboard import session
    from dashboard.components.training import curve_controls
    from models.tensorboard.series import Session

    session.begin()
    sessions = [Session(0.0, 0, 9), Session(100.0, 0, 5)]
    style = curve_controls.current_style()
    curve_controls.controls(style, last, first=first, sessions=sessions, titles=titles, apart="left apart")
    found = curve_controls.current_choice()
    st.text(f"{found.session} {[sorted(group) for group in found.joined]} {found.find!r}")


def test_a_session_is_chosen_and_in_the_address():
    app = drawn(chosen)
    assert app.text[0].value == "None [] ''"
    sound(app.selectbox(key="session").set_value(2).run())
    assert (app.text[0].value, left(app)) == ("1 [] ''", {"p.session": "2"})
    sound(app.selectbox(key="session").set_value(0).run())
    assert left(app) == {}
    assert drawn(chosen, {"p.session": "9"}).selectbox(key="session").value == 2


def test_charts_are_joined_one_after_the_other_and_parted_again():
    titles = ("loss", "CrossEntropy", "accuracy", "top5")
    app = drawn(chosen, titles=titles)
    assert "left apart" in app.caption[0].value
    sound(app.multiselect(key="join-0").set_value(["loss"]).run())
    sound(app.multiselect(key="join-0").set_value(["loss", "CrossEntropy"]).run())
    sound(app.multiselect(key="join-1").set_value(["accuracy", "top5"]).run())
    groups = [[mark(title) for title in pair] for pair in (titles[:2], titles[2:])]
    assert left(app) == {"p.join": ".".join("-".join(group) for group in groups)}
    assert app.text[0].value == f"None {[sorted(group) for group in groups]} ''"
    sound(app.multiselect(key="join-0").set_value([]).run())
    assert left(app) == {"p.join": "-".join(groups[1])}
    assert app.multiselect(key="join-0").value == ["accuracy", "top5"]


def test_of_many_charts_one_looks_for_some():
    app = drawn(chosen, titles=[f"layer {number}" for number in range(20)])
    sound(app.text_input(key="find").set_value("layer 1").run())
    assert (app.text[0].value, left(app)) == ("None [] 'layer 1'", {"p.find": "layer 1"})


@pytest.mark.parametrize(
    ("first", "last", "ends"),
    [(-3, 10, (-3, 10)), (5, 10, (0, 10)), (0, 2**53 + 1, None), (-(2**53), 1, None), (4, 4, None)],
)
def test_a_stretch_is_chosen_where_a_browser_can_count(first, last, ends):
    sliders = {slider.key: slider.value for slider in drawn(chosen, first=first, last=last).slider}
    assert sliders.get("steps") == ends


def test_a_stretch_may_begin_below_zero():
    app = drawn(chosen, {"p.from": "-2"}, first=-3, last=10)
    assert app.slider(key="steps").value == (-2, 10)
    sound(app.slider(key="steps").set_value((-1, 4)).run())
    assert left(app) == {"p.from": "-1", "p.to": "4"}
