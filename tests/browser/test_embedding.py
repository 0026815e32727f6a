"""From a point among others to its picture, on every page."""

import csv

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen

pytestmark = pytest.mark.slow


def test_a_click_on_a_point_chooses_its_picture_on_every_page(screen: Screen) -> None:
    screen.open("activations", model="lenet5", p_view="embedding")
    expect(screen.headline).to_contain_text("among those of class 4 (all 10 nearest to it), and says 4 too")

    table = list(csv.DictReader(screen.download("Table (CSV)").read_text().splitlines()))
    assert len(table) == 2000 and sum(row["this_photo"] == "1" for row in table) == 1
    assert screen.download("PNG").read_bytes().startswith(b"\x89PNG")

    # The point that lies farthest from all others is hit surely.
    far = max(table, key=lambda row: float(row["x"]))
    with screen.rerun():
        screen.page.mouse.click(*_on_screen(screen, float(far["x"]), float(far["y"])))
    assert screen.address["image"] == [far["address"]]
    assert screen.address["p.view"] == ["embedding"]

    with screen.rerun():
        screen.main.get_by_role("button", name="Look", exact=True).first.click()
    chosen = screen.address["image"][0]
    assert chosen.startswith("mnist-10k/test/") and chosen != far["address"]

    screen.press("Right or wrong")
    expect(screen.main.get_by_text("wrong (").first).to_be_visible()
    screen.visit("Overview")
    assert screen.address["image"] == [chosen]


def _on_screen(screen: Screen, x: float, y: float) -> tuple[float, float]:
    """Where a point of the plot lies, in pixels of the screen."""
    chart = screen.main.locator(".js-plotly-plot").first
    chart.scroll_into_view_if_needed()
    place = chart.evaluate(
        """(chart, [x, y]) => {
            const box = chart.getBoundingClientRect(), {xaxis, yaxis} = chart._fullLayout;
            return [box.x + xaxis._offset + xaxis.d2p(x), box.y + yaxis._offset + yaxis.d2p(y)];
        }""",
        [x, y],
    )
    return place[0], place[1]
