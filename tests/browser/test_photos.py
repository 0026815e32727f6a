"""Bringing photos: one, many, broken ones, hostile ones, from the camera."""

import base64
import csv
import io
import re
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, expect

from tests.browser.screen import PHOTOS, Screen, photo

UPLOAD = re.compile(r"upload:[0-9a-f]{16}")
BROKEN: FilePayload = {"name": "torn.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n torn"}
DRAWING: FilePayload = {"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": b"<svg xmlns='x'></svg>"}
HOSTILE = (
    "<img src=x onerror=document.title='owned'>.png",
    "**bold** and :red[red] and :rainbow[all].png",
    "$x$ ![i](http:example.com) [link](http:example.com).png",
    "=1+1.png",
)
# Rows of the table are drawn on a canvas: this high, the tick boxes on the left.
ROW_HEIGHT, TICK = 35, 15


def test_one_photo(screen: Screen) -> None:
    screen.open("attribution", method="grad_cam")
    before = screen.seen()
    screen.upload(photo("cat_chelsea", "my cat.jpg"))
    expect(screen.headline).to_contain_text("Egyptian cat")
    expect(screen.box("Photo")).to_have_value("my cat.jpg")
    assert UPLOAD.fullmatch(screen.address["image"][0])
    expect(screen.maps()).to_have_count(1)
    assert not set(screen.seen().values()) & set(before.values())


@pytest.mark.slow
def test_many_photos_and_what_is_wrong_with_some(screen: Screen) -> None:
    screen.open("attribution", method="grad_cam")
    good = photo("moose"), photo("coffee_cup", "=cup.jpg"), photo("cat_chelsea")
    screen.upload(good[0], BROKEN, good[1], DRAWING, good[2])
    for broken in (BROKEN, DRAWING):
        expect(screen.main.get_by_role("alert").filter(has_text=broken["name"])).to_have_count(1)
    expect(screen.main.get_by_role("heading", name="Your 3 photos")).to_be_visible()

    rows = list(csv.DictReader(io.StringIO(screen.download("Table (CSV)").read_text())))
    assert sorted(row["photo"] for row in rows) == ["'=cup.jpg", "cat_chelsea.jpg", "moose.jpg"]
    for row in rows:
        assert 0 < float(row["probability"]) <= 1 and row["prediction"] != row["second"]

    # The table's own export would not know of formulas.
    expect(screen.main.get_by_role("button", name="Download as CSV")).to_have_count(0)

    number = next(number for number, row in enumerate(rows) if row["photo"] == "'=cup.jpg")
    with screen.rerun():
        screen.main.get_by_test_id("stDataFrame").click(
            position={"x": TICK, "y": ROW_HEIGHT * (number + 1.5)}
        )
    expect(screen.headline).to_contain_text("espresso")
    expect(screen.box("Photo")).to_have_value("=cup.jpg")

    screen.press("Clear my photos")
    expect(screen.main.get_by_role("heading", name="photos")).to_have_count(0)
    expect(screen.box("Photo")).to_have_value("Giant panda")
    screen.expect_address(method="grad_cam")


@pytest.mark.slow
def test_a_good_photo_after_a_broken_one(screen: Screen) -> None:
    screen.open("attribution", method="grad_cam")
    screen.upload(BROKEN)
    expect(screen.main.get_by_role("alert")).to_contain_text("torn.png")
    expect(screen.headline).to_have_text("EfficientNet-Lite0 is 97 % sure: a giant panda.")
    screen.upload(photo("coffee_cup"))
    expect(screen.headline).to_contain_text("espresso")
    expect(screen.main.get_by_role("alert")).to_have_count(0)


@pytest.mark.slow
@pytest.mark.parametrize("broken", [False, True], ids=["good", "broken"])
def test_hostile_names_are_only_names(screen: Screen, *, broken: bool) -> None:
    screen.open("attribution", method="grad_cam")
    asked = len(screen.foreign)
    files = [_named(name, broken=broken) for name in HOSTILE]
    screen.upload(*files)
    alerts = screen.main.get_by_role("alert")
    # An invisible space may stand in a sentence where a name would else become markup.
    said = [text.replace("\u200b", "") for text in alerts.all_inner_texts()]
    # The first one is looked at already.
    for name in HOSTILE[::-1]:
        assert sum(f"{name} is not a picture" in sentence for sentence in said) == broken
        if not broken:
            screen.pick("Photo", name)
            expect(screen.box("Photo")).to_have_value(name)
    for markup in (
        "img[src=x]",
        "strong",
        "a[href*=example]",
        ".katex",
        "[data-testid=stMarkdownColoredText]",
    ):
        expect(alerts.locator(markup)).to_have_count(0)
    expect(screen.page.locator("img[src=x], a[href*=example]")).to_have_count(0)
    for one in screen.maps().all():
        assert any(name in str(one.get_attribute("alt")) for name in HOSTILE) != broken
    assert screen.page.title().startswith("Attribution: ") and screen.page.title().endswith(" - Vitrine")
    assert screen.foreign[asked:] == []


def _named(name: str, *, broken: bool) -> FilePayload:
    file = io.BytesIO()
    Image.new("RGB", (64, 64), (len(name), 90, 30)).save(file, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": file.getvalue()[: 40 if broken else None]}


@pytest.mark.slow
def test_camera(screen: Screen) -> None:
    screen.open("attribution", method="grad_cam")
    screen.sidebar.get_by_role("button", name="Camera").click()
    shutter = screen.box_body.get_by_role("button", name="Take Photo")
    # The button is there before the camera's first picture is, and takes none until then.
    screen.page.wait_for_function("document.querySelector('video')?.videoWidth > 0")
    with screen.rerun():
        shutter.click()
    screen.page.wait_for_function("location.search.includes('upload')")
    screen.rest()
    assert UPLOAD.fullmatch(screen.address["image"][0])
    expect(screen.maps()).to_have_count(1)


@pytest.mark.slow
def test_samples(screen: Screen) -> None:
    screen.open("attribution", method="grad_cam")
    for name in ("Cat", "Moose"):
        with screen.rerun():
            screen.open_samples().get_by_role("button", name=re.compile(f"^{name}$")).click()
        expect(screen.box("Photo")).to_have_value(name)
    assert screen.box_body.locator("img").count() == len(list(PHOTOS.glob("*.jpg")))


HANDED = """([content, kind, event, place]) => {
    const held = new DataTransfer();
    const bytes = Uint8Array.from(atob(content), letter => letter.charCodeAt(0));
    held.items.add(new File([bytes], "anywhere.jpg", {type: "image/jpeg"}));
    const about = {bubbles: true, cancelable: true, [kind]: held};
    const made = event === "paste" ? new ClipboardEvent(event, about) : new DragEvent(event, about);
    document.querySelector(place).dispatchEvent(made);
    return made.defaultPrevented;
}"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("page", "kind", "event", "place"),
    [
        ("", "dataTransfer", "drop", "[data-testid=stMain]"),
        ("activations", "clipboardData", "paste", "body"),
        ("weights", "dataTransfer", "drop", "[data-testid=stSidebar]"),
    ],
)
def test_a_photo_is_taken_wherever_it_is_dropped_or_pasted(
    screen: Screen, page: str, kind: str, event: str, place: str
) -> None:
    screen.open(page)
    content = base64.b64encode((PHOTOS / "coffee_cup.jpg").read_bytes()).decode()
    with screen.rerun():
        # What a page does not take, the browser opens in the place of the app.
        assert screen.page.evaluate(HANDED, [content, kind, event, place])
    expect(screen.box("Photo")).to_have_value("anywhere.jpg")
    screen.rest()
    assert urlsplit(screen.page.url).path.strip("/") == page
