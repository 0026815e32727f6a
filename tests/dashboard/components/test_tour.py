"""The tour: each step is a real address, and the ways on lead to it."""

from __future__ import annotations

import pytest

from dashboard import session
from dashboard.components import tour
from dashboard.known import KNOWN
from dashboard.navigation import PAGES
from tests.dashboard.components.component import drawn, left, sound, texts

SEVEN = len(tour.STOPS)


def script(path):
    import streamlit as st

    from dashboard import session
    from dashboard.components import tour

    session.begin()
    tour.button(path)
    tour.draw(path)
    st.write("the page")


def labels(app):
    return [button.label for button in app.button]


def test_the_story_is_told_in_seven_steps_of_pages_that_there_are():
    assert [stop.chapter for stop in tour.STOPS] == sorted(
        (stop.chapter for stop in tour.STOPS), key=["Train", "Inspect", "Explain", "Compare"].index
    )
    assert SEVEN == 7 and {stop.path for stop in tour.STOPS} <= {page.path for page in PAGES}
    assert KNOWN.image(tour.PICTURE)
    for run in (tour.HEALTHY, tour.MEMORISES):
        assert KNOWN.run(run)


def test_nobody_is_led_who_did_not_ask():
    assert labels(drawn(script, path="")) == ["Tour"]
    assert labels(drawn(script, path="weights")) == []


@pytest.mark.parametrize("number", range(1, SEVEN + 1))
def test_each_step_says_what_is_to_be_seen_and_how_to_go_on(number):
    stop = tour.STOPS[number - 1]
    app = drawn(script, {"p.tour": str(number)}, path=stop.path)
    assert texts(app.markdown)[0].startswith(f"**{number} of 7. {stop.chapter}: {stop.title}**")
    ways = ["Back"] * (number > 1) + ["Next"] * (number < SEVEN)
    assert labels(app) == [*ways, "End the tour"]
    sound(app.button(key="tour-end").click().run())
    assert "p.tour" not in left(app) and labels(app) == []


def test_who_went_astray_is_shown_the_way():
    app = drawn(script, {"p.tour": "99"}, path="weights")
    assert labels(app)[0] == "Show it" and "**7 of 7. " in texts(app.markdown)[0]


def test_a_press_looks_at_what_the_step_is_about_and_goes_to_its_page(monkeypatch):
    gone: list[str] = []
    monkeypatch.setattr(session, "switch", gone.append)
    app = drawn(script, {"p.tour": "2", "target": "3"}, path="training")
    sound(app.button(key="tour-next").click().run())
    assert [file.rpartition("/")[2] for file in gone] == ["activations.py"]
    assert left(app) == {
        "model": "run:example-healthy",
        "image": tour.PICTURE,
        "run": "example-healthy",
        "p.tour": "3",
        "p.view": "training",
        "p.play": "1",
        "p.step": "0",
    } | {"method": left(app)["method"]}
    gone.clear()
    # The next but one is on the same page: nowhere to go.
    app = drawn(script, {"p.tour": "3"}, path="activations")
    sound(app.button(key="tour-next").click().run())
    assert gone == [] and left(app)["p.view"] == "neuron"
