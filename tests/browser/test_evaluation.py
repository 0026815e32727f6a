"""From how good a network is to a cell of its confusions, to the picture, to why."""

import csv
import io
import re

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen


def test_from_a_cell_of_the_matrix_to_the_attribution_of_a_mistake(screen: Screen) -> None:
    screen.open("evaluation", model="mlp")
    expect(screen.headline).to_contain_text("of the 2,000 test pictures of MNIST 10k")

    _click_cell(screen, row=3, column=3)
    screen.expect_address(model="mlp", p_cell="3-3")
    _click_cell(screen, row=9, column=4)
    screen.expect_address(model="mlp", p_cell="9-4")
    expect(screen.main.get_by_role("heading", name="9 called 4")).to_be_visible()

    rows = list(csv.DictReader(io.StringIO(screen.download("Table (CSV)").read_text())))
    assert sum(int(row["pictures"]) for row in rows) == 2000
    pictures = screen.main.locator('img[alt*="called 4"][alt*="is 9"]')
    assert pictures.count() == sum(
        int(row["pictures"]) for row in rows if (row["class"], row["called"]) == ("9", "4")
    )
    screen.expect_to_fit()

    with screen.rerun():
        screen.main.get_by_role("button", name="Why?").first.click()
    screen.page.wait_for_url("**/attribution?**")
    screen.rest()
    assert screen.address["image"][0].startswith("mnist-10k/test/")
    assert screen.address["versus"] == ["9"]
    expect(screen.headline).to_contain_text("4")

    assert "but it is 9" in screen.headline.inner_text()
    screen.page.go_back()
    expect(screen.headline).to_contain_text("is right about")
    screen.rest()
    assert "versus" not in screen.address
    screen.button("Compare").click()
    screen.pick("Second network", "LeNet-5", "LeNet-5 (MNIST")
    screen.expect_address(**(dict(screen.address) | {"against": "lenet5"}))
    expect(screen.main.get_by_role("heading", name="Against LeNet-5")).to_contain_text("broke")


def _click_cell(screen: Screen, *, row: int, column: int) -> None:
    """Click into a cell of the matrix, away from its middle, once it says what it is."""
    chart = screen.main.get_by_test_id("stPlotlyChart")
    area = chart.locator(".heatmaplayer image").first
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] * (column + 0.3) / 10, box["y"] + box["height"] * (row + 0.7) / 10
    screen.page.mouse.move(x, y)
    expect(chart.locator(".hoverlayer")).to_contain_text(f"{row} called {column}")
    with screen.rerun():
        screen.page.mouse.click(x, y)


@pytest.mark.slow
def test_the_keyboard_reaches_a_cell(screen: Screen) -> None:
    screen.open("evaluation", model="mlp")
    chart = screen.main.locator('.js-plotly-plot[role="application"]')
    chart.focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown"):
        screen.page.keyboard.press(key)
    expect(chart).to_have_attribute("aria-label", re.compile("2 called 1: .* Mark 22 of 100"))
    with screen.rerun():
        screen.page.keyboard.press("Enter")
    screen.expect_address(model="mlp", p_cell="2-1")
