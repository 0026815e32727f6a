"""A row is moved by a slider until the network says something else, and put back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen


def test_a_row_is_moved_by_the_keyboard_and_put_back(screen: Screen) -> None:
    screen.open("table", model="table_mlp-iris")
    expect(screen.headline).to_contain_text("Table MLP calls this row")
    before = screen.headline.inner_text()
    slider = screen.main.get_by_role("slider").first
    value = slider.input_value()
    with screen.rerun():
        slider.press("End")
    expect(screen.main.get_by_text("With 1 value changed it is")).to_be_visible()
    expect(screen.headline).not_to_have_text(before)
    with screen.rerun():
        screen.button("Put all back").click()
    expect(screen.headline).to_have_text(before)
    expect(screen.main.get_by_role("slider").first).to_have_value(value)


@pytest.mark.slow
def test_thirty_columns_fit_a_narrow_screen(screen: Screen) -> None:
    screen.page.set_viewport_size({"width": 390, "height": 900})
    screen.open("table", model="table_mlp-breast-cancer")
    expect(screen.headline).to_contain_text("calls this row")
    screen.expect_to_fit()
