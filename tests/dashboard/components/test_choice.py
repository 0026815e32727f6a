"""Choices that are held in the address: one of a few names, one of two, and on and off."""

from __future__ import annotations

import pytest

from tests.dashboard.components.component import drawn, left, sound, texts


def script(unknown=""):
    import streamlit as st

    from dashboard import session
    from dashboard.components import choice
    from dashboard.parameters import KIND, LOG, SHEET

    session.begin()
    titles = {"near": "Near by", "far": "Far off"}
    st.header(choice.segments("Show", KIND, titles, resets=[SHEET], unknown=unknown, text="Which?"))
    st.subheader(str(choice.toggle("Logarithmic", LOG, key="switch")))


@pytest.mark.parametrize(("named", "chosen"), [(None, "near"), ("far", "far"), ("beyond", "near")])
def test_the_name_of_the_address_holds_or_the_first(named, chosen):
    app = drawn(script, {} if named is None else {"p.kind": named})
    assert (app.header[0].value, app.segmented_control[0].value) == (chosen, chosen)
    assert app.segmented_control[0].options == ["Near by", "Far off"]
    assert app.segmented_control[0].help == "Which?"
    assert not app.warning


def test_a_name_that_is_none_is_said_where_that_is_asked_for():
    app = drawn(script, {"p.kind": "beyond"}, unknown="There are no pictures")
    assert app.warning[0].value == r"There are no pictures called 'beyond'; choose one of near, far\."


def test_a_choice_goes_into_the_address_and_resets_what_hangs_on_it():
    app = drawn(script, {"p.sheet": "2", "p.log": "1"})
    sound(app.segmented_control[0].set_value("far").run())
    assert (app.header[0].value, left(app)) == ("far", {"p.kind": "far", "p.log": "1"})


def test_a_switch_is_in_the_address_only_where_it_is_on():
    app = drawn(script)
    assert app.toggle(key="switch").value is False
    sound(app.toggle(key="switch").set_value(True).run())
    assert (app.subheader[0].value, left(app)) == ("True", {"p.log": "1"})
    sound(app.toggle(key="switch").set_value(False).run())
    assert (app.subheader[0].value, left(app)) == ("False", {})


def script_of_a_box(optional=False, far="Far off", whole=False):
    import streamlit as st

    from dashboard import session
    from dashboard.components import choice
    from dashboard.parameters import KIND

    session.begin()
    titles = {"near": "Near by", "far": far}
    choice.select(
        "Where",
        list(titles),
        KIND.text(session.settings()),
        lambda place: session.choose_parameter(KIND, place),
        key="where",
        title=lambda place: titles.get(place, place),
        placeholder="Choose one",
        optional=optional,
        whole=whole,
    )
    st.header(KIND.text(session.settings()) or "nowhere")


def test_a_box_is_empty_until_an_option_is_taken():
    app = drawn(script_of_a_box)
    assert (app.header[0].value, app.selectbox[0].value) == ("nowhere", None)
    assert app.selectbox[0].placeholder == "Choose one"
    sound(app.selectbox[0].set_value("far").run())
    assert (app.header[0].value, app.selectbox[0].value, left(app)) == ("far", "far", {"p.kind": "far"})


def test_what_is_no_option_of_a_box_is_no_choice():
    """A press at once after another photo was chosen brings along the title of an option that is no more."""
    app = drawn(script_of_a_box, {"p.kind": "near"})
    app.selectbox[0].options.append("Egyptian cat")
    sound(app.selectbox[0].set_value("Egyptian cat").run())
    assert (app.header[0].value, app.selectbox[0].value, left(app)) == ("near", "near", {"p.kind": "near"})


@pytest.mark.parametrize(
    ("name", "below"),
    [("Far off", []), ("MLP 784-128-64-10 (Fashion-MNIST)",) * 2, ("F" * 29, []), ("F" * 30,) * 2],
)
def test_a_name_that_a_box_of_the_sidebar_cuts_stands_below_it_whole(name, below):
    app = drawn(script_of_a_box, {"p.kind": "far"}, far=name, whole=True)
    assert texts(app.caption) == ([below] if below else [])
    assert not drawn(script_of_a_box, {"p.kind": "far"}, far=name).caption


def test_what_holds_is_offered_first_where_it_is_not_among_the_options():
    box = drawn(script_of_a_box, {"p.kind": "beyond"}).selectbox[0]
    assert (box.options, box.value) == (["beyond", "Near by", "Far off"], "beyond")


def test_a_box_can_be_emptied_where_nothing_may_be_chosen():
    app = drawn(script_of_a_box, {"p.kind": "far"}, optional=True)
    sound(app.selectbox[0].set_value(None).run())
    assert (app.header[0].value, app.selectbox[0].value, left(app)) == ("nowhere", None, {})


def script_of_two():
    import streamlit as st

    from dashboard import session
    from dashboard.components import choice
    from dashboard.parameters import LOG

    session.begin()
    titles = {"even": "In equal steps", "powers": "In powers"}
    st.header(str(choice.either("Steps", LOG, titles, key="steps", text="How?")))


def test_the_second_of_two_is_in_the_address_and_the_first_is_not():
    app = drawn(script_of_two)
    steps = app.segmented_control(key="steps")
    assert steps.options == ["In equal steps", "In powers"]
    assert (steps.value, app.header[0].value) == ("even", "False")
    sound(steps.set_value("powers").run())
    assert (app.header[0].value, left(app)) == ("True", {"p.log": "1"})
    sound(app.segmented_control(key="steps").set_value("even").run())
    assert (app.header[0].value, left(app)) == ("False", {})
