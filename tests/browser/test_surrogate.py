"""From a refusal to a tree, down the tree, to a picture on which tree and network differ."""

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen


def test_from_a_refusal_to_a_tree_to_a_picture_it_misses(screen: Screen) -> None:
    screen.open("surrogate")
    expect(screen.headline).to_contain_text("No tree: too few pictures")
    screen.press("Look at MLP")
    expect(screen.headline).to_contain_text("of 2,000 pictures held out")
    screen.expect_address(model="mlp")

    with screen.rerun():
        screen.main.get_by_role("slider").press("ArrowLeft")
    depth = screen.address["p.depth"][0]
    expect(screen.headline).to_contain_text(f"at most {depth} questions")
    tree = screen.main.get_by_test_id("stPlotlyChart").nth(1)
    expect(tree.locator(".imagelayer image, .layer-above image").first).to_be_visible()
    expect(screen.main.get_by_text("The tree says")).to_be_visible()

    screen.unfold("How this is made, and the tree to take away")
    assert screen.download("Rules").read_text().startswith("|--- ink at row ")

    with screen.rerun():
        screen.button("Why?").click()
    screen.page.wait_for_url("**/attribution?**")
    screen.rest()
    assert screen.address["image"][0].startswith("mnist-10k/test/")


@pytest.mark.slow
def test_a_deep_tree_fits_a_narrow_screen(screen: Screen) -> None:
    screen.page.set_viewport_size({"width": 390, "height": 900})
    screen.open("surrogate", model="mlp", p_depth="10")
    expect(screen.main.get_by_text("leaves are too many to read at once")).to_be_visible()
    screen.expect_to_fit()
