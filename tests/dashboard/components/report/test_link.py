"""The way to the report from every other page."""

from __future__ import annotations

import pytest

from tests.dashboard.components.component import drawn, left, sound, texts


def script(path):
    from dashboard import session
    from dashboard.components.report import link

    session.begin()
    link.button(path)


@pytest.mark.parametrize(("path", "count"), [("weights", 1), ("", 1), ("report", 0)])
def test_every_page_but_the_reports_own_leads_there(path, count):
    app = drawn(script, path=path)
    assert [button.label for button in app.button] == ["Report"] * count


def presented(path):
    import streamlit as st

    from dashboard import session
    from dashboard.components.report import link

    session.begin()
    link.present_button(path)
    st.caption("slides" if link.is_presenting() else "page")


@pytest.mark.parametrize(
    ("path", "added"),
    [("weights", {"p.in_weights": "1"}), ("", {}), ("report", {})],
)
def test_one_press_shows_slides_of_every_page_with_its_view_among_them(path, added):
    app = drawn(presented, path=path)
    assert texts(app.caption) == ["page"]
    sound(app.button(key="present").click().run())
    assert texts(app.caption) == ["slides"] and left(app) == {"p.slide": "1"} | added
