"""From a channel to the picture made for it; and a layer that is watched while its network learns."""

import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.screen import Screen

pytestmark = pytest.mark.slow


def test_what_a_channel_looks_for_is_drawn_and_taken_away(screen: Screen) -> None:
    screen.open("activations", model="lenet5", layer="conv2", unit="3", p_view="channel")
    screen.press("Draw what it looks for")
    screen.expect_address(model="lenet5", layer="conv2", unit="3", p_view="looks_for")
    expect(screen.headline).to_contain_text("of 2,000 real ")
    drawn = screen.main.get_by_role("img", name="A picture made to excite channel 3 of conv2")
    expect(drawn).to_be_visible()
    with Image.open(io.BytesIO(screen.download("PNG").read_bytes())) as picture:
        assert picture.size == (28, 28)
        assert np.asarray(picture).std() > 10
    screen.press("avoided")
    expect(screen.headline).to_contain_text("made to avoid")
    screen.expect_to_fit()


def test_a_layer_is_watched_while_its_network_learns(screen: Screen) -> None:
    screen.open("activations", model="run:example-healthy", layer="relu1", p_step="705", p_view="training")
    expect(screen.headline).to_contain_text(" says 4 ")
    expect(screen.main.get_by_text("Step 705, after epoch 5")).to_be_visible()
    before = screen.page.evaluate("history.length")
    screen.button("Play").click()
    # Each is there for a moment only.
    screen.page.wait_for_function("() => /Step (846|987),/.test(document.body.innerText)", polling="raf")
    # It stops at the end by itself, and the address says where.
    expect(screen.main.get_by_text("Step 1,128, after epoch 8")).to_be_visible()
    expect(screen.button("Play")).to_be_visible()
    screen.expect_address(model="run:example-healthy", layer="relu1", p_step="1128", p_view="training")
    # Back leaves the film, and does not wind it back picture by picture.
    assert screen.page.evaluate("history.length") - before <= 2
    screen.expect_to_fit()
