"""Painting: by hand and by keyboard, undone, kept in the link, and followed by the answer."""

from playwright.sync_api import expect

from tests.browser.screen import Screen


def test_a_stroke_is_answered_kept_and_undone(screen: Screen) -> None:
    screen.open("what-if", model="cnn")
    canvas = screen.main.locator("canvas")
    expect(screen.main.get_by_text("0 % painted")).to_be_visible()
    box = canvas.bounding_box()
    assert box is not None
    with screen.rerun():
        screen.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20)
        screen.page.mouse.down()
        screen.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 20, steps=4)
        screen.page.mouse.up()
    expect(screen.headline).to_contain_text("Without ")
    (drawn,) = screen.address["p.mask"]

    with screen.rerun():
        canvas.focus()
        screen.page.keyboard.press("Shift+ArrowRight")
        screen.page.keyboard.press("Space")
    assert screen.address["p.mask"] != [drawn]
    with screen.rerun():
        screen.page.keyboard.press("Control+z")
    assert screen.address["p.mask"] == [drawn]

    link = screen.page.url
    screen.open("what-if", model="cnn")
    screen.follow(link)
    expect(screen.headline).to_contain_text("Without ")
    with screen.rerun():
        screen.button("Clear").click()
    assert "p.mask" not in screen.address
    assert not screen.foreign
