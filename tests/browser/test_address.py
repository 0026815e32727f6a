"""The address is the view: for somebody else, for a reload, for going back, and whatever page one is on."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewScreen
from tests.browser.screen import Screen, begins, path_of

CHOICES = {
    "model": "squeezenet1_1",
    "image": "cat_chelsea",
    "target": "281",
    "method": ["saliency", "guided_backprop"],
    "p_strength": "100",
}
# Between two clicks of somebody in a hurry.
PAUSES_MS = (5, 40, 80, 150, 250)


def test_opens_the_same_view_elsewhere(screen: Screen, new_screen: NewScreen) -> None:
    screen.open("attribution", **CHOICES, versus="285")
    expect(screen.maps()).to_have_count(6)
    other = new_screen().follow(screen.page.url)
    expect(other.maps()).to_have_count(6)
    assert other.page.url == screen.page.url
    assert other.headline.inner_text() == screen.headline.inner_text()
    assert other.seen() == screen.seen()


@pytest.mark.slow
def test_a_link_to_what_is_not_there(screen: Screen) -> None:
    screen.open(
        "attribution", model="no_such", image="upload:0123456789abcdef", method="tea_leaves", target="x"
    )
    expect(screen.headline).to_have_text("EfficientNet-Lite0 is 97 % sure: a giant panda.")
    expect(screen.main.get_by_role("alert")).to_have_count(4)
    screen.expect_address()


@pytest.mark.slow
def test_two_visitors_at_once_get_their_own_answers(new_screen: NewScreen) -> None:
    cases = {"cat_chelsea": "Egyptian cat", "coffee_cup": "espresso"}
    methods = ("Saliency", "Guided Backprop")
    visitors = [new_screen().open("attribution", method="grad_cam", image=image) for image in cases]
    for _ in range(2):
        for visitor, method in zip(visitors, methods, strict=True):
            visitor.open_box("Methods").get_by_role("button", name=begins(method)).first.click()
        for visitor, method, answer in zip(visitors, methods, cases.values(), strict=True):
            expect(visitor.maps(method)).to_have_count(1)
            expect(visitor.headline).to_contain_text(answer)
        methods = methods[::-1]
    found = []
    for visitor in visitors:
        visitor.rest()
        expect(visitor.maps()).to_have_count(3)
        found.append(visitor.seen())
    assert not set(found[0].values()) & set(found[1].values())
    for image, together in zip(cases, found, strict=True):
        alone = new_screen().open(
            "attribution", method=["grad_cam", "saliency", "guided_backprop"], image=image
        )
        assert alone.seen() == together


def _choose_everything(screen: Screen) -> None:
    screen.open("attribution", method="grad_cam")
    screen.pick("Network", "SqueezeNet 1.1")
    screen.pick("Photo", "Cat")
    screen.pick("Class", "tabby")
    for method in ("Saliency", "Guided Backprop", "Grad-CAM"):
        screen.pill("Methods", method)
    screen.button("Settings").click()
    with screen.rerun():
        screen.page.get_by_role("slider").press("End")
    screen.page.keyboard.press("Escape")


def _expect_choices(screen: Screen) -> None:
    screen.rest()
    screen.expect_address(**CHOICES)
    expect(screen.box("Network")).to_have_value("SqueezeNet 1.1")
    expect(screen.box("Photo")).to_have_value("Cat")
    expect(screen.box("Class")).to_have_value(re.compile("^tabby "))


@pytest.mark.slow
def test_page_changes_lose_nothing(screen: Screen) -> None:
    _choose_everything(screen)
    screen.expect_address(**CHOICES)
    for number in range(30):
        title = ("Overview", "Attribution")[number % 2]
        screen.go(title)
        screen.page.wait_for_url(f"**/{path_of(title)}?**")
        screen.expect_address(**CHOICES)
    _expect_choices(screen)
    expect(screen.maps("Saliency")).to_have_count(1)
    expect(screen.maps("Guided Backprop")).to_have_count(1)


@pytest.mark.slow
def test_hasty_page_changes_lose_nothing(screen: Screen) -> None:
    """Some are taken back before the server has begun with them."""
    screen.open("attribution", **CHOICES)
    for burst in range(6):
        titles = ("Overview", "Attribution") if burst % 2 == 0 else ("Attribution", "Overview")
        with screen.rerun():
            for number in range(5):
                screen.page.wait_for_timeout(PAUSES_MS[(burst + number) % len(PAUSES_MS)])
                screen.go(titles[number % 2])
        _expect_choices(screen)


@pytest.mark.slow
def test_hasty_choices_are_kept(screen: Screen) -> None:
    """What follows a choice at once does not know of it yet."""
    screen.open("attribution", method="grad_cam")
    for image, title in (("cat_chelsea", "Cat"), ("coffee_cup", "Cup of coffee"), ("rocket", "Rocket")):
        screen.box("Photo").click()
        screen.page.get_by_role("option", name=title, exact=True).click()
        for _ in ("open", "close"):
            screen.button("Methods").click()
        screen.rest()
        screen.expect_address(method="grad_cam", image=image)
        expect(screen.box("Photo")).to_have_value(title)


@pytest.mark.slow
def test_back_forward_and_reload(screen: Screen) -> None:
    screen.open()
    screen.pick("Photo", "Cat")
    screen.expect_address(image="cat_chelsea")
    screen.pick("Photo", "Cup of coffee")
    screen.expect_address(image="coffee_cup")
    with screen.rerun():
        screen.page.go_back()
    expect(screen.box("Photo")).to_have_value("Cat")
    expect(screen.headline).to_contain_text("Egyptian cat")
    with screen.rerun():
        screen.page.go_forward()
    expect(screen.headline).to_contain_text("espresso")
    screen.visit("Attribution")
    expect(screen.headline).to_contain_text("espresso")
    with screen.rerun():
        screen.page.go_back()
    expect(screen.main.get_by_role("heading", name="Top 5 classes")).to_be_visible()
    expect(screen.headline).to_contain_text("espresso")
    screen.page.reload()
    screen.rest()
    expect(screen.headline).to_contain_text("espresso")
    screen.expect_address(image="coffee_cup")


@pytest.mark.slow
def test_back_passes_over_the_empty_address_of_a_change_of_page(screen: Screen) -> None:
    """A slow browser makes it a step of its own; here steps are made of it by hand."""
    screen.open(image="coffee_cup")
    screen.visit("Attribution")
    screen.expect_address(image="coffee_cup")
    screen.page.evaluate(
        """() => {
            const full = location.href;
            history.replaceState({}, '', '/attribution');
            history.pushState({}, '', '/attribution');
            history.pushState({}, '', full);
        }"""
    )
    for _ in range(2):
        screen.page.go_back()
        expect(screen.main.get_by_role("heading", name="Top 5 classes")).to_be_visible()
        expect(screen.headline).to_contain_text("espresso")
        screen.rest()
        screen.expect_address(image="coffee_cup")
        screen.page.go_forward()
        expect(screen.main.get_by_role("heading", name="Which to believe")).to_be_visible()
        screen.rest()
        screen.expect_address(image="coffee_cup")
