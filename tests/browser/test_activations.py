"""From a layer to a channel, to the picture that excites it most, to why."""

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Position, expect

from tests.browser.screen import Screen


def test_from_a_layer_to_the_attribution_of_what_excites_a_channel(screen: Screen) -> None:
    screen.open("activations", model="cnn")
    expect(screen.headline).to_contain_text("brings 28 x 28 pixels down to 7 x 7 places")
    with screen.rerun():
        # The picture leads where the button below it does.
        screen.main.get_by_role("img", name="Stage 7: ").click()
    screen.expect_address(model="cnn", layer="block5", p_view="layer")
    expect(screen.headline).to_contain_text("of block5 speaks most for 4")

    _click_tile(screen, row=1, column=2)
    unit = screen.address["unit"][0]
    expect(screen.main.get_by_role("img", name=f"Channel {unit} of block5 over")).to_be_visible()
    first = unit
    _click_tile(screen, row=0, column=5)
    assert screen.address["unit"][0] != first
    unit = screen.address["unit"][0]

    screen.press("What excites this channel")
    screen.expect_address(model="cnn", layer="block5", unit=unit, p_view="channel")
    expect(screen.headline).to_contain_text(f"Channel {unit} of block5 answers")
    with screen.rerun():
        screen.main.get_by_role("button", name="Why?").first.click()
    screen.page.wait_for_url("**/attribution?**")
    screen.rest()
    assert screen.address["image"][0].startswith("mnist-10k/test/")
    expect(screen.maps("Saliency").or_(screen.maps("Grad-CAM")).first).to_be_visible()


@pytest.mark.slow
def test_a_page_of_channels_is_light(screen: Screen) -> None:
    sent = 0

    def count(payload: str | bytes) -> None:
        nonlocal sent
        sent += len(payload)

    screen.page.on("websocket", lambda socket: socket.on("framereceived", count))
    screen.open("activations", layer="bn1.act", p_view="layer")
    expect(screen.headline).to_contain_text(
        "Channel 8 of bn1.act speaks most for giant panda; 4 of 32 channels are silent"
    )
    fetched = {address for address in _pictures(screen) if not address.startswith("data:")}
    pictures = sum(len(screen.page.request.get(address).body()) for address in fetched)
    assert 10_000 < sent + pictures < 1_500_000


def _pictures(screen: Screen) -> list[str]:
    return [str(one.evaluate("image => image.currentSrc")) for one in screen.main.locator("img").all()]


def _click_tile(screen: Screen, *, row: int, column: int) -> None:
    """Click into a tile of the grid, away from its middle."""
    area = screen.main.get_by_test_id("stPlotlyChart").locator(".layer-below image, .imagelayer image").first
    box = area.bounding_box()
    assert box is not None
    rows, columns = 8, 8
    with screen.rerun():
        screen.page.mouse.click(
            box["x"] + box["width"] * (column + 0.3) / columns, box["y"] + box["height"] * (row + 0.7) / rows
        )


def test_a_neuron_follows_the_pointer_and_a_click_keeps_its_place(screen: Screen) -> None:
    screen.open("activations", model="cnn", image="mnist-10k/test/17", unit="19", p_view="neuron")
    stage = screen.main.get_by_role("group", name="One convolution")
    said = stage.locator(".place")
    expect(said).to_have_text("Row 24, column 13")
    expect(stage.locator(".sum")).to_contain_text("9 products of the picture 2.14")
    reads = stage.get_by_role("img", name="The photo")
    box = reads.bounding_box()
    assert box is not None
    # The middle of the window whose place is row 3, column 20, in 28 x 28 numbers and a margin of one.
    at: Position = {"x": box["width"] * 21.5 / 30, "y": box["height"] * 4.5 / 30}
    reads.hover(position=at)
    expect(said).to_have_text("Row 3, column 20")
    expect(stage.locator(".sum")).not_to_contain_text("2.14")
    with screen.rerun():
        reads.click(position=at)
    screen.expect_address(
        model="cnn", image="mnist-10k/test/17", unit="19", p_view="neuron", p_row="3", p_column="20"
    )


@pytest.mark.slow
def test_a_film_is_taken_away(screen: Screen) -> None:
    screen.open("activations", model="run:example-healthy", p_view="training")
    expect(screen.main.get_by_role("img", name="at step 987").first).to_be_visible()
    with Image.open(screen.download("Film (GIF)")) as moving:
        assert moving.n_frames == 8  # type: ignore[attr-defined]  # of a GIF
    with np.load(screen.download("Frames (npz)")) as numbers:
        assert numbers["frames"].shape[0] == len(numbers["steps"]) == len(numbers["maps"]) == 8
