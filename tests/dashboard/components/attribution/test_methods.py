"""The choice of methods, with the reasons of those that a network does not allow, and their settings."""

from __future__ import annotations

from dashboard.inspection.attribution import METHODS
from tests.dashboard.components.component import drawn, left, sound


def script():
    import streamlit as st

    from dashboard import session
    from dashboard.components.attribution import methods
    from dashboard.components.look import look

    session.begin()
    view = look(session.visit().selection)
    chosen = methods.chosen(view)
    methods.pickers(view, chosen)
    methods.settings(view, chosen)
    st.text(" ".join(method.name for method in chosen))


def page(**address):
    return drawn(script, {"model": "cnn", "image": "mnist-10k/test/17"} | address)


def test_the_methods_of_the_address_are_chosen_and_their_settings_offered():
    app = page(method=["occlusion", "saliency"])
    assert set(app.text[0].value.split()) == {"occlusion", "saliency"}
    labels = {box.label for box in (*app.number_input, *app.selectbox)}
    current = METHODS["occlusion"].settings({}, (28, 28))
    assert {
        field.metadata["label"] for field in vars(type(current))["__dataclass_fields__"].values()
    } <= labels
    assert app.slider[0].value == 70


def unfolded(app):
    """The page with the box of methods open."""
    app.session_state["methods"] = True
    return sound(app.run())


def test_the_chosen_methods_are_named_and_the_others_wait_in_a_box():
    app = page(method=["occlusion", "saliency"])
    assert [caption.value for caption in app.caption] == ["Occlusion, Saliency"] and not app.get(
        "button_group"
    )
    assert unfolded(app).get("button_group")


def test_what_the_network_does_not_allow_is_greyed_with_its_reason():
    app = unfolded(page())
    greyed = [pills for pills in app.get("button_group") if pills.proto.disabled]
    assert greyed and all(pills.proto.help for pills in greyed)


def test_a_setting_is_in_the_address():
    app = page(method="occlusion")
    window = app.number_input[0]
    more = window.value + 1
    sound(window.set_value(more).run())
    assert left(app)[f"p.{str(window.key).removeprefix('p-')}"] == str(more)
