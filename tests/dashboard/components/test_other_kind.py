"""The frame while the network that is looked at reads no pictures: what it says, and the ways on."""

from __future__ import annotations

from models.kinds import TEXT
from models.networks import find_network, on_board
from tests.dashboard.components.component import drawn, left, plain

NETWORK = on_board(TEXT)[0]


def script(path: str) -> None:
    import streamlit as st

    from dashboard import session
    from dashboard.components import other_kind
    from dashboard.components.look import find_entry
    from dashboard.navigation import find_page

    session.begin()
    page = find_page(path)
    shown = other_kind.draw(st.container(), page, find_entry(session.visit().selection, page.reads))
    st.text(f"shown: {shown}")


def test_a_page_of_pictures_says_what_the_network_reads_and_leads_back():
    app = drawn(script, {"model": NETWORK}, path="attribution")
    (header,) = app.header
    title = find_network(NETWORK).title
    assert plain(header.value) == f"{title} reads texts; this page looks at networks that read pictures."
    assert app.text[0].value == "shown: False"
    app.button(key="other-kind").click().run()
    assert "model" not in left(app)


def test_a_page_for_any_network_is_shown_with_the_networks_of_that_kind():
    app = drawn(script, {"model": NETWORK}, path="weights")
    assert app.text[0].value == "shown: True"
    (box,) = app.selectbox
    assert len(box.options) == len(on_board(TEXT))
    assert not app.header
