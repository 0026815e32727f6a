"""Small pictures with what is said of them, and the sheets that many of them fill."""

from __future__ import annotations

import pytest

from tests.dashboard.components.component import drawn, left, plain, sound


def script():
    from dashboard import cache, session
    from dashboard.components import cards

    session.begin()
    picture = cache.thumbnail("mnist-10k/test/3")
    cards.card(picture, ["A *two*", "sure"], address="mnist-10k/test/3", alt="A two", key="two", versus=7)


def sheets(count, sheet, most):
    import streamlit as st

    from dashboard import session
    from dashboard.components import cards
    from dashboard.parameters import SHEET

    session.begin()
    cards.sheets(count, sheet, most, lambda other: session.choose_parameter(SHEET, other), "many")
    st.text("drawn")


def test_a_card_says_what_it_is_as_it_stands():
    app = drawn(script)
    assert plain(app.caption[0].value) == "A *two*  \nsure"
    assert "\\*two\\*" in app.caption[0].value
    (image,) = app.get("image")
    assert [picture.alt for picture in image.proto.imgs] == ["A two"]


@pytest.mark.parametrize(
    ("count", "sheet", "most", "shown"),
    [
        (0, 0, 6, None),
        (6, 0, 6, None),
        (7, 0, 6, "1 to 6 of 7"),
        (7, 1, 6, "7 to 7 of 7"),
        (2000, 2, 6, "13 to 18 of 2,000"),
    ],
)
def test_sheets_say_where_one_is(count, sheet, most, shown):
    app = drawn(sheets, count=count, sheet=sheet, most=most)
    assert [caption.value for caption in app.caption] == ([] if shown is None else [shown])


def test_a_step_is_in_the_address_and_the_first_sheet_is_not():
    app = drawn(sheets, count=20, sheet=1, most=6)
    assert [button.disabled for button in app.button] == [False, False]
    sound(app.button(key="many-Next").click().run())
    assert left(app) == {"p.sheet": "2"}
    sound(app.button(key="many-Back").click().run())
    assert left(app) == {}


def test_there_is_no_step_beyond_the_ends():
    assert drawn(sheets, count=12, sheet=0, most=6).button(key="many-Back").disabled
    assert drawn(sheets, count=12, sheet=1, most=6).button(key="many-Next").disabled
