"""The text that is looked at: of the set by its number, or what a person pastes, of which the address has a digest."""

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
    app = drawn(script, {"p.text": "30", "p.struck": "3"}, name=MAILS.name)
    assert app.text[0].value == MAILS.text("test", 30)[0]
    app.selectbox(key="text").select_index(3).run()
    # Words of another text are not struck out of this one.
    assert left(app)["p.text"] == "2" and "p.struck" not in left(app)
    app.text_area(key="own-text").input("a text of my own").run()
    assert app.text[0].value == "a text of my own"
    address = left(app)
    assert len(address["p.pasted"]) == 16 and "own" not in str(address)
    # After a reload it is there, also in the box.
    again = drawn(script, address, name=MAILS.name)
    assert again.text[0].value == again.text_area(key="own-text").value == "a text of my own"
    app.text_area(key="own-text").input(" ").run()
    assert app.text[0].value == MAILS.text("test", 2)[0]


def test_a_text_that_is_not_kept_any_more_is_said_to_be_gone():
    app = drawn(script, {"p.pasted": "0123456789abcdef"}, name=MAILS.name)
    assert "not kept here any more; paste it again" in app.warning[0].value
    assert app.text[0].value == MAILS.text("test", 0)[0]
