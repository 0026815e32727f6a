"""A network for 28 x 28 pictures, and what is brought to it."""

import io
import re

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import FilePayload, expect

from tests.browser.screen import Screen

pytestmark = pytest.mark.slow

MLP = "MLP 784-128-64-10 (MNIST"
TOGGLE = "Turn the photo into a digit"
MISMATCH = "a photo is nothing it knows"


def test_brings_its_test_pictures(screen: Screen) -> None:
    screen.open("attribution", image="cat_chelsea", target="281", method="saliency")
    screen.pick("Network", MLP)
    screen.expect_address(model="mlp", method="saliency")
    expect(screen.headline).not_to_contain_text("Untrained")
    expect(screen.box("Photo")).to_have_value("MNIST 10k, test 0")
    expect(screen.main.get_by_role("alert").filter(has_text=MISMATCH)).to_have_count(0)
    expect(screen.maps("Saliency")).to_have_count(1)
    with screen.rerun():
        screen.open_samples().get_by_role("button", name=re.compile("^test 3$")).click()
    screen.expect_address(model="mlp", method="saliency", image="mnist-10k/test/3")


def test_pixels_are_not_smeared(screen: Screen) -> None:
    screen.open("", model="mlp")
    sources = [
        str(picture.get_attribute("src"))
        for picture in screen.main.locator("[data-testid=stImage] img").all()
    ]
    assert sources and all(source.endswith(".png") for source in sources), sources
    # Each pixel is a square of one shade.
    crop = screen.main.get_by_alt_text("The part of the picture that the network reads, at its size")
    answer = screen.page.request.get(str(crop.evaluate("picture => picture.currentSrc")))
    enlarged = np.asarray(Image.open(io.BytesIO(answer.body())).convert("L"))
    factor = enlarged.shape[0] // 28
    cells = enlarged.reshape(28, factor, 28, factor)
    assert factor > 1 and (cells == cells[:, :1, :, :1]).all()


def test_a_network_with_random_weights_says_so(screen: Screen) -> None:
    screen.open("", model="cnn-untrained")
    expect(screen.headline).to_contain_text("Untrained, so this is a guess:")


def test_a_photo_of_a_digit_becomes_one_by_itself(screen: Screen) -> None:
    screen.open("attribution", model="mlp", method="saliency")
    screen.upload(_seven())
    told = screen.main.get_by_role("alert")
    expect(screen.main.get_by_text("looks like a digit on paper, so it was turned into one")).to_be_visible()
    expect(told.filter(has_text=MISMATCH)).to_have_count(0)
    before = screen.seen()
    with screen.rerun():
        screen.page.get_by_test_id("stSidebar").get_by_text(TOGGLE).click()
    expect(told.filter(has_text=MISMATCH)).to_have_count(1)
    expect(screen.headline).to_contain_text("Not a picture it knows")
    assert screen.address["p.digit"] == ["0"]
    assert not set(screen.seen().values()) & set(before.values())

    with screen.rerun():
        screen.page.get_by_test_id("stSidebar").get_by_text(TOGGLE).click()
    assert screen.address["p.digit"] == ["1"]
    screen.visit("Overview")
    crop = screen.main.get_by_role("img", name="The part of the picture that the network reads")
    with Image.open(
        io.BytesIO(screen.page.request.get(str(crop.evaluate("one => one.currentSrc"))).body())
    ) as seen:
        corner = seen.convert("L").getpixel((2, 2))
        brightest = seen.convert("L").getextrema()[1]
    assert corner == 0 and brightest == 255  # light on dark, as MNIST's are
    screen.page.reload()
    screen.rest()
    expect(screen.page.get_by_label(TOGGLE, exact=True)).to_be_checked()


def test_a_digit_is_nothing_to_a_network_for_photos(screen: Screen) -> None:
    screen.open("", image="mnist-10k/test/3")
    expect(screen.main.get_by_role("alert")).to_contain_text("nothing it knows, so its answer says little")
    expect(screen.maps()).to_have_count(1)


def _seven() -> FilePayload:
    """A seven, dark on light paper."""
    picture = Image.new("RGB", (300, 240), (235, 230, 220))
    ImageDraw.Draw(picture).text((110, 20), "7", fill=(30, 30, 40), font=ImageFont.load_default(180))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=95)
    return {"name": "seven.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}
