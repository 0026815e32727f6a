"""What a person finds who opens the app and clicks on nothing."""

import pytest
from playwright.sync_api import expect

from dashboard.navigation import PAGES
from tests.browser.screen import Screen


def test_first_page_is_complete(screen: Screen) -> None:
    main = screen.open().main
    expect(screen.headline).to_have_text("EfficientNet-Lite0 is 97 % sure: a giant panda.")
    expect(main.get_by_text("Half of what speaks for giant panda lies in")).to_be_visible()
    expect(screen.page).to_have_title("Overview: Giant panda - Vitrine")
    bars = main.get_by_test_id("stProgress")
    expect(bars).to_have_count(5)
    expect(bars.first).to_contain_text("giant panda · 97 %")
    expect(screen.maps()).to_have_count(1)
    assert len(screen.seen()) == 1
    for alt in ("The whole picture", "The part of the picture that the network reads"):
        expect(main.get_by_role("img", name=alt)).to_be_visible()
    for number, of in (("4.65 M", "Parameters"), ("770 M", "FLOPs"), ("224 x 224", "Input")):
        expect(main.get_by_test_id("stMetric").filter(has_text=of)).to_contain_text(number)
    expect(main.get_by_text("Licence of the weights")).to_contain_text("Apache-2.0")
    expect(screen.page.get_by_test_id("stSidebar")).to_contain_text("Aaron Logan")
    expect(screen.page.get_by_test_id("stSidebar")).to_contain_text("CC BY 1.0")


def test_every_page_can_be_reached(screen: Screen) -> None:
    screen.open()
    for page in PAGES:
        places = [screen.page.get_by_test_id("stSidebar")] + [screen.main] * bool(page.path)
        for place in places:
            link = place.get_by_role("link", name=page.title)
            assert link.evaluate("link => new URL(link.href).pathname") == f"/{page.path}"


@pytest.mark.slow
def test_asks_nobody_else(screen: Screen) -> None:
    screen.open()
    for page in PAGES[::-1]:
        screen.visit(page.title)
    assert not screen.foreign


@pytest.mark.slow
def test_words_come_before_the_network_is_loaded(screen: Screen) -> None:
    screen.page.goto(screen.url)
    expect(screen.main.get_by_text(PAGES[0].summary)).to_be_visible()
    screen.rest()


def test_a_word_of_the_field_is_explained_where_it_stands(screen: Screen) -> None:
    screen.open("activations", model="cnn", p_view="neuron")
    places = "[...(CSS.highlights.get('vitrine-terms') ?? [])]"
    screen.page.wait_for_function(f"() => {places}.some(range => String(range) === 'weights')")
    x, y = screen.page.evaluate(
        f"""() => {{
            const box = {places}.find(range => String(range) === 'weights').getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2];
        }}"""
    )
    screen.page.mouse.move(x, y)
    expect(screen.page.get_by_role("tooltip")).to_contain_text("what training writes into it")
    screen.page.mouse.move(5, 5)
    expect(screen.page.get_by_role("tooltip")).to_be_hidden()
