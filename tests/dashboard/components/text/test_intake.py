"""The text that is looked at: of the set by its number, or what a person pastes, which no address holds."""

from __future__ import annotations

from models.text import TEXT_SETS
from tests.dashboard.components.component import drawn, left

MAILS = next(iter(TEXT_SETS.values()))


def script(name: str) -> None:
    import streamlit as st

    from dashboard import session
    from dashboard.components.text import intake

    session.begin()
    st.text(intake.choose(name))


def test_a_text_of_the_set_and_one_of_ones_own():
    app = drawn(script, {"p.text": "30"}, name=MAILS.name)
    assert app.text[0].value == MAILS.text("test", 30)[0]
    app.selectbox(key="text").select(2).run()
    assert left(app)["p.text"] == "2"
    app.text_area(key="own-text").input("a text of my own").run()
    assert app.text[0].value == "a text of my own"
    assert "own" not in str(left(app))
    app.text_area(key="own-text").input(" ").run()
    assert app.text[0].value == MAILS.text("test", 2)[0]
