"""A film is taken out of a history, which changes what is recommended, and put back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen

NETWORK = "two_towers-films"


def test_a_film_is_taken_away_by_the_keyboard_and_put_back(screen: Screen) -> None:
    screen.open("history", model=NETWORK)
    expect(screen.headline).to_contain_text("to made-up person 0.")
    before = screen.headline.inner_text()
    expect(screen.main.get_by_text("All films, people and tastes here are made up.")).to_be_visible()
    box = screen.main.get_by_role("combobox", name="Films that were chosen")
    with screen.rerun():
        # What was chosen last goes first.
        box.press("Backspace")
    expect(screen.headline).to_contain_text("to somebody who chose these 9 films.")
    assert len(screen.address["p.films"][0].split(".")) == 9
    with screen.rerun():
        screen.button("Back to what person 0 chose").click()
    expect(screen.headline).to_have_text(before)
    assert "p.films" not in screen.address


def test_gradients_are_refused_with_what_they_miss(screen: Screen) -> None:
    screen.open("history", model=NETWORK)
    with screen.rerun():
        screen.main.get_by_role("radio", name="Gradients").click()
    expect(screen.main.get_by_role("alert")).to_contain_text("both towers read one table of films")
    with screen.rerun():
        screen.main.get_by_role("radio", name="Shapley values").click()
    expect(screen.main.get_by_role("alert")).to_have_count(0)


@pytest.mark.slow
def test_it_fits_a_narrow_screen(screen: Screen) -> None:
    screen.page.set_viewport_size({"width": 390, "height": 900})
    screen.open("history", model=NETWORK)
    expect(screen.headline).to_contain_text("recommends")
    screen.expect_to_fit()
