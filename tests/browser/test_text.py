"""A text of one's own: pasted, explained, changed until the answer turns, and there again after a reload."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen

PRIZE = "Click here now to claim your free prize! <b>Guaranteed</b> money, no risk, offer expires today."


def test_a_text_of_ones_own_is_explained_changed_and_kept_out_of_the_link(screen: Screen) -> None:
    screen.open("text", model="text_cnn")
    expect(screen.headline).to_contain_text(re.compile("Text CNN calls this text (ham|spam)"))
    screen.button("A text of your own").click()
    box = screen.page.get_by_role("textbox", name="Paste or type it")
    box.fill(PRIZE)
    with screen.rerun():
        box.press("Control+Enter")
    expect(screen.headline).to_contain_text("calls this text spam")
    assert re.fullmatch("[0-9a-f]{16}", screen.address["p.pasted"][0])
    assert "prize" not in screen.page.url
    # What somebody typed is no markup.
    expect(screen.main.locator("span", has_text=re.compile("^Guaranteed$")).first).to_be_visible()
    assert not screen.main.locator("b").count()

    screen.page.keyboard.press("Escape")
    with screen.rerun():
        screen.main.get_by_role("radio", name="Change words").click()
    with screen.rerun():
        screen.main.get_by_role("button", name=re.compile(r"^Click \(1\)")).click()
    expect(screen.main.locator("s")).to_have_text("Click")
    expect(screen.main.get_by_role("heading", name=re.compile("^With 1 word changed"))).to_be_visible()

    screen.page.reload()
    screen.rest()
    expect(screen.headline).to_contain_text("calls this text spam")
    expect(screen.main.locator("s")).to_have_text("Click")


@pytest.mark.slow
def test_views_of_a_text_fit_a_narrow_screen(screen: Screen) -> None:
    screen.page.set_viewport_size({"width": 390, "height": 900})
    for view in ("words", "change", "attention", "nearest", "tree"):
        screen.open("text", model="text_transformer", p_read=view)
        expect(screen.headline).to_contain_text("calls this text")
        screen.expect_to_fit()
