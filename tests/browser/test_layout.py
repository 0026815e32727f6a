"""Every page, wide and narrow, light and dark."""

import pytest
from playwright.sync_api import expect

from dashboard.navigation import PAGES, Page
from tests.browser.conftest import NewScreen
from tests.browser.screen import Screen

pytestmark = pytest.mark.slow

WIDTHS = (1440, 390)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.title)
def test_fits_the_screen(new_screen: NewScreen, page: Page, scheme: str) -> None:
    screen = new_screen(scheme=scheme)
    screen.open(page.path)
    for width in WIDTHS:
        screen.page.set_viewport_size({"width": width, "height": 900})
        screen.rest()
        screen.expect_to_fit()
    light = _brightness(screen) > 0.5
    assert light == (scheme == "light")
    pictures = screen.main.locator("img")
    # Some pages show charts alone.
    assert pictures.count() or screen.main.get_by_test_id("stPlotlyChart").count()
    for picture in pictures.all():
        assert (picture.get_attribute("alt") or "").strip(), picture.get_attribute("src")


@pytest.mark.parametrize("width", WIDTHS)
def test_long_names_and_a_full_page_fit_too(new_screen: NewScreen, width: int) -> None:
    screen = new_screen(width=width, height=900)
    screen.open(
        "attribution",
        image=["cat_chelsea", "giant_panda"],
        against="squeezenet1_1",
        target="284",
        versus="281",
        method=["grad_cam", "saliency"],
    )
    expect(screen.maps("Saliency")).to_have_count(5)
    screen.expect_to_fit()
    screen.open("attribution", model="vit-fashion", method="grad_cam")
    screen.expect_to_fit()


def _brightness(screen: Screen) -> float:
    """Of the background, from 0 to 1."""
    colour: list[int] = screen.page.get_by_test_id("stApp").evaluate(
        "app => getComputedStyle(app).backgroundColor.match(/[0-9]+/g).slice(0, 3).map(Number)"
    )
    return sum(colour) / (3 * 255)
