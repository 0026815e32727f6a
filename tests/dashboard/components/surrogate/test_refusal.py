"""No tree: the reason, and the way to one."""

from __future__ import annotations

from models import zoo
from tests.dashboard.components.component import alternatives, drawn, left, sound, texts
from tests.dashboard.components.surrogate.imitated import MLP


def script():
    import streamlit as st

    from dashboard import session
    from dashboard.components.surrogate import refusal
    from tests.dashboard.components.surrogate.imitated import imitation

    session.begin()
    refusal.draw(imitation(), "Too few pictures: it takes more of them.", st.empty())


def test_the_reason_is_on_top_and_another_network_one_click_away():
    app = drawn(script, MLP)
    assert texts(app.header) == ["No tree: too few pictures."]
    assert texts(app.markdown) == ["It takes more of them."]
    assert alternatives(app) == ["One of the pictures"] * 8
    sound(app.button(key="another").click().run())
    assert left(app)["model"] in zoo.MODELS and left(app)["model"] != "mlp"
