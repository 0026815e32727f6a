"""From a network's weights to what is wrong with them, and back by a link."""

import csv
import io

from playwright.sync_api import expect

from tests.browser.screen import Screen


def test_a_dead_filter_is_found_looked_at_and_sent(screen: Screen) -> None:
    screen.open("weights")
    expect(screen.headline).to_contain_text("conv_stem stands out in EfficientNet-Lite0")
    expect(screen.main.get_by_test_id("stPlotlyChart")).to_have_count(2)
    rows = list(csv.DictReader(io.StringIO(screen.download("Table (CSV)").read_text())))
    assert len(rows) == 50
    assert rows[0]["Tensor"] == "conv_stem.weight"

    screen.press("Health")
    expect(screen.headline).to_contain_text("dead filters in 28 tensors")
    screen.press("Look")
    screen.expect_address(
        layer="conv_stem", unit="11", p_aspect="filters", p_tensor=screen.address["p.tensor"]
    )
    expect(screen.headline).to_contain_text("4 are nearly empty")
    picture = screen.main.get_by_role("img", name="30 tiles of conv_stem.weight")
    expect(picture).to_be_visible()

    screen.page.reload()
    screen.rest()
    expect(screen.headline).to_contain_text("4 are nearly empty")
    screen.visit("Overview")
    screen.visit("Weights")
    assert screen.address["layer"] == ["conv_stem"]
    screen.expect_to_fit()
