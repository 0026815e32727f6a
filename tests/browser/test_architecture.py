"""The drawing of a network under a real mouse: open a block, choose a layer, find it again on another page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen, path_of

# Where a box of the drawing lies on the screen: its middle, of the points that a click falls on.
PLACE = """([chart, name]) => {
    const points = chart.data.find(trace => trace.customdata), places = [];
    points.customdata.forEach((data, place) => data === name && places.push(place));
    if (!places.length) return null;
    const place = places[Math.floor(places.length / 2)], frame = chart.getBoundingClientRect();
    const {xaxis, yaxis} = chart._fullLayout;
    return {x: frame.left + xaxis._offset + xaxis.l2p(points.x[place]),
            y: frame.top + yaxis._offset + yaxis.l2p(points.y[place])};
}"""


def place(screen: Screen, box: str) -> dict[str, float] | None:
    chart = screen.main.locator(".st-key-drawing .js-plotly-plot")
    expect(chart.locator(".shapelayer path").first).to_be_attached()
    found: dict[str, float] | None = screen.page.evaluate(PLACE, [chart.element_handle(), box])
    return found


def click(screen: Screen, box: str) -> None:
    """Click on a box of the drawing, scrolled into sight."""
    found = place(screen, box)
    assert found is not None, f"{box} is not drawn"
    screen.page.mouse.move(found["x"], 500)
    screen.page.mouse.wheel(0, found["y"] - 500)
    screen.page.wait_for_timeout(300)
    found = place(screen, box)
    assert found is not None
    with screen.rerun():
        screen.page.mouse.click(found["x"], found["y"])


def test_open_a_block_choose_a_layer_and_find_it_on_another_page(screen):
    screen.open(path_of("Architecture"), model="resnet")
    expect(screen.headline).to_contain_text("of a pass")
    assert place(screen, "layer:block2.conv2") is None

    click(screen, "block:block2")
    opened = screen.address["p.open"]
    click(screen, "layer:block2.conv2")
    screen.expect_address(model="resnet", layer="block2.conv2", p_open=opened)
    expect(screen.main.get_by_text("block2.conv2: Conv2d")).to_be_visible()
    expect(screen.main.locator(".katex").first).to_be_visible()

    screen.visit("Attribution")
    assert screen.address["layer"] == ["block2.conv2"]
    screen.button("Settings").click()
    expect(screen.box("Layer")).to_have_value("block2.conv2")
    expect(screen.main.get_by_text("layer block2.conv2").first).to_be_visible()

    # Folding what is around the chosen layer chooses the block itself.
    screen.visit("Architecture")
    click(screen, "block:block2")
    screen.expect_address(model="resnet", layer="block2")
    assert place(screen, "layer:block2.conv2") is None
    assert not screen.foreign


@pytest.mark.slow
def test_the_drawing_fits_a_small_screen(new_screen):
    screen = new_screen(width=390, height=844)
    screen.open(path_of("Architecture"), model="vit", layer="blocks.1.attn.qkv")
    assert place(screen, "layer:blocks.1.attn.qkv") is not None
    screen.expect_to_fit()


@pytest.mark.slow
def test_a_deep_drawing_shows_the_chosen_layer(screen):
    window = screen.main.locator(".st-key-drawing")

    def seen(name: str) -> dict[str, float]:
        """Where the layer is, within what is seen of the drawing."""
        screen.page.wait_for_function("box => box.scrollTop > 0", arg=window.element_handle())
        box, found = window.bounding_box(), place(screen, f"layer:{name}")
        assert box is not None and found is not None
        assert box["y"] < found["y"] < box["y"] + box["height"]
        return found

    screen.open(path_of("Architecture"), layer="blocks.6.0.conv_pwl", p_depth="3")
    seen("blocks.6.0.conv_pwl")
    # The drawing is a new one after a click, and is not back at its top.
    other = seen("blocks.6.0.conv_dw")
    with screen.rerun():
        screen.page.mouse.click(other["x"], other["y"])
    screen.expect_address(layer="blocks.6.0.conv_dw", p_depth="3")
    seen("blocks.6.0.conv_dw")
