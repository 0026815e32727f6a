"""Asking why: methods, classes, comparisons, slow maps, downloads."""

import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from tests.browser.conftest import NewScreen
from tests.browser.screen import Screen, begins

# Milliseconds for a map of many passes, on one thread beside whatever else is tested.
PATIENCE = 150_000
# Covers the photo at every pixel, which takes far longer: nothing may wait for it.
ENDLESS = "attribution?method=occlusion&method=grad_cam&p.stride=1"


def test_another_method(screen: Screen) -> None:
    screen.open("attribution", method="grad_cam")
    screen.pill("Methods", "Saliency")
    expect(screen.maps("Saliency")).to_have_count(1)
    expect(screen.maps("Grad-CAM")).to_have_count(1)
    screen.expect_address(method=["grad_cam", "saliency"])
    screen.pill("Methods", "Grad-CAM")
    expect(screen.maps("Grad-CAM")).to_have_count(0)
    screen.expect_address(method="saliency")
    assert len(screen.seen()) == 1


@pytest.mark.slow
def test_every_quick_setting_changes_the_map(screen: Screen) -> None:
    screen.open("attribution", method="grad_cam")
    before = screen.seen()
    screen.button("Settings").click()
    with screen.rerun():
        screen.page.get_by_role("slider").press("ArrowLeft")
    screen.expect_address(method="grad_cam", p_strength="69")
    assert screen.seen() != before
    screen.pick("Layer", "blocks.3", "blocks.3")
    assert screen.address["layer"][0].startswith("blocks.3")
    expect(screen.maps("Grad-CAM")).to_have_count(1)


@pytest.mark.slow
def test_a_class_by_typing_and_a_second_one(screen: Screen) -> None:
    screen.open("attribution", method="grad_cam", image="cat_chelsea")
    screen.pick("Class", "tabby")
    screen.expect_address(method="grad_cam", image="cat_chelsea", target="281")
    expect(screen.main.get_by_text("Why tabby?")).to_be_visible()
    assert list(screen.seen()) == ["Grad-CAM for tabby over Cat"]

    screen.button("Compare").click()
    screen.pick("Second class", "lynx")
    expect(screen.main.get_by_alt_text("Grad-CAM for tabby rather than lynx over Cat")).to_be_visible()
    # They come one after the other.
    expect(screen.main.get_by_alt_text("Grad-CAM for lynx over Cat")).to_be_visible()
    assert list(screen.seen()) == [
        "Grad-CAM for tabby rather than lynx over Cat",
        "Grad-CAM for tabby over Cat",
        "Grad-CAM for lynx over Cat",
    ]
    assert len(set(screen.seen().values())) == 3
    assert len(set(_scales(screen))) == 3
    # Side by side on a wide screen.
    tops = [one.bounding_box() for one in screen.maps().all()]
    assert len({round(box["y"]) for box in tops if box}) == 1

    screen.pick("Class", "Prediction")
    expect(screen.main.get_by_text("Why Egyptian cat rather than lynx?")).to_be_visible()
    assert "target" not in screen.address


@pytest.mark.slow
def test_two_photos_then_two_networks_each_on_its_scale_or_on_one(screen: Screen) -> None:
    screen.open("attribution", method="grad_cam")
    screen.button("Compare").click()
    screen.pick("Second photo", "Cat")
    screen.expect_address(method="grad_cam", image=["giant_panda", "cat_chelsea"])
    expect(screen.maps()).to_have_count(2)
    assert len(set(_scales(screen))) == 2

    screen.pick("Second network", "SqueezeNet 1.1")
    expect(screen.maps()).to_have_count(3)
    assert len(set(_scales(screen))) == 3
    screen.page.keyboard.press("Escape")
    with screen.rerun():
        screen.main.get_by_text("One colour scale").click()
    expect(screen.maps()).to_have_count(3)
    assert len(_scales(screen)) == 3 and len(set(_scales(screen))) == 1
    assert screen.address["against"] == ["squeezenet1_1"]


def _scales(screen: Screen) -> list[str]:
    """Of each map, whatever of it lies beyond the end."""
    bars = screen.main.locator('img[alt^="Colour scale"]').all()
    return [str(bar.get_attribute("alt")).partition(" and more")[0] for bar in bars]


@pytest.mark.slow
def test_leaving_a_slow_map_cancels_it(screen: Screen, new_screen: NewScreen) -> None:
    screen.page.goto(f"{screen.url}/{ENDLESS}")
    progress = _progress(screen)
    expect(progress).to_contain_text(re.compile(r"Occlusion: \d+\s%"))
    screen.visit("Overview")
    expect(screen.maps("Grad-CAM")).to_have_count(1)
    screen.go("Attribution")
    expect(progress).to_contain_text("Occlusion")
    # Another visitor's slow map waits for a moment, and not until the endless one is done.
    other = new_screen().open("attribution", method="grad_cam")
    screen.go("Overview")
    other.pill("Methods", "Integrated Gradients")
    expect(other.maps("Integrated Gradients")).to_have_count(1, timeout=PATIENCE)
    # And a choice of another method lets go as well.
    screen.rest()
    screen.go("Attribution")
    expect(progress).to_contain_text("Occlusion")
    box = screen.open_box("Methods")
    box.get_by_role("button", name=begins("Integrated Gradients")).click()
    box.get_by_role("button", name=begins("Occlusion")).click()
    expect(screen.maps("Integrated Gradients")).to_have_count(1, timeout=PATIENCE)
    screen.rest()
    screen.expect_address(method=["grad_cam", "integrated_gradients"], p_stride="1")


@pytest.mark.slow
def test_a_slow_map_is_previewed(screen: Screen) -> None:
    screen.page.goto(f"{screen.url}/{ENDLESS}")
    expect(screen.main.get_by_alt_text("Preview of Occlusion")).to_have_count(1)
    expect(_progress(screen)).to_contain_text("Occlusion")
    screen.button("Stop").click()
    expect(screen.main.get_by_text("Occlusion was stopped.")).to_be_visible()
    expect(screen.main.get_by_alt_text("Preview of Occlusion")).to_have_count(0)
    screen.rest()


@pytest.mark.slow
def test_a_slow_map_can_be_stopped(screen: Screen) -> None:
    screen.page.goto(f"{screen.url}/{ENDLESS}")
    expect(_progress(screen)).to_contain_text("Occlusion")
    expect(screen.maps("Grad-CAM")).to_have_count(1)
    screen.button("Stop").click()
    expect(screen.main.get_by_text("Occlusion was stopped.")).to_be_visible()
    screen.rest()
    screen.button("Start again").click()
    expect(_progress(screen)).to_contain_text("Occlusion")
    screen.button("Stop").click()
    screen.rest()


@pytest.mark.slow
def test_nothing_moves_while_a_page_works(screen: Screen) -> None:
    """Streamlit's icon of a running page keeps a slow browser from drawing what it has loaded."""
    screen.page.goto(f"{screen.url}/{ENDLESS}")
    expect(_progress(screen)).to_be_visible()
    # It would come half a second after the start.
    screen.page.wait_for_timeout(1000)
    expect(screen.page.get_by_test_id("stStatusWidget")).to_have_count(0)
    screen.button("Stop").click()
    screen.rest()


def _progress(screen: Screen) -> Locator:
    # The page that was left shows bars of its own until this one has drawn over them.
    return screen.main.get_by_test_id("stProgress").filter(has_text="Occlusion")


@pytest.mark.slow
def test_downloads(screen: Screen) -> None:
    screen.open("attribution", method="grad_cam")
    with Image.open(screen.download("PNG")) as picture:
        picture.load()
        assert picture.format == "PNG" and picture.height > picture.width >= 448
    with np.load(screen.download("npz"), allow_pickle=False) as numbers:
        assert numbers["values"].shape == (224, 224)
        assert numbers["crop"].shape == (224, 224, 3)
        assert np.isfinite(numbers["values"]).all() and numbers["values"].max() > 0


@pytest.mark.slow
def test_keyboard_reaches_the_choices(screen: Screen) -> None:
    screen.open("attribution", method="grad_cam")
    wanted = {"Network", "Photo", "Class", "Camera", "Samples", "Methods", "Settings", "Compare"}
    for _ in range(80):
        screen.page.keyboard.press("Tab")
        reached = screen.page.evaluate(
            "document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText"
        )
        # An icon's name stands around a button's own.
        wanted -= {reached, *reached.split()}
    assert not wanted
