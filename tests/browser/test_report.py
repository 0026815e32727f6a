"""The report as whoever gets it sees it: offline, on a screen, in the dark, and on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.report import html
from dashboard.report.assembly import report_file, usual
from tests.browser.screen import Screen
from tests.dashboard.report.subjects import HOSTILE, renamed, subject, whole

# Between the margins that the report asks for, on A4 at 96 pixels an inch.
PAPER = 680
# How far to the left and the right something reaches.
REACH = """[...document.querySelectorAll('%s')].map(one => one.getBoundingClientRect())
    .every(box => box.left >= -1 && box.right <= %d)"""
# What is seen: a wide chart has a window of its own on a screen, and on paper none.
SEEN = ".chart, .chart:not(.wide) .main-svg, img, table, h1, h2"
PRINTED = ".chart, .main-svg, img, table, h1, h2"


def until(page: Page, expression: str) -> None:
    """Wait until that holds; Playwright's own way is forbidden by the file, as it evaluates text there."""
    for _ in range(100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"it does not hold: {expression}")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with all views, in which whatever can be named has a hostile name."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_bytes(html.render(whole(renamed(subject(), HOSTILE))))
    return path


@pytest.fixture
def page(browser: Browser, file: Path) -> Iterator[Page]:
    """The file, open where there is no network; it must ask for nothing and complain of nothing."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, offline=True)
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda one: complaints.append(one.text) if one.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-drawn]", state="attached")
    yield page
    assert [url for url in asked if not url.startswith(("data:", "blob:"))] == [file.as_uri()]
    assert complaints == []
    assert page.evaluate("window.hacked") is None
    context.close()


@pytest.mark.slow
def test_it_opens_offline_with_all_its_charts(page: Page) -> None:
    charts = page.locator(".chart")
    assert charts.count() == page.evaluate("Number(document.documentElement.dataset.drawn)") == 9
    for chart in charts.all():
        assert chart.locator(".plot .main-svg").first.is_visible()
        assert chart.locator(".plot path, .plot image").count() > 3
    # Its charts move: the tree tells what a node holds.
    node = page.locator("#surrogate .plot .layer-above image, #surrogate .plot .imagelayer image").first
    node.scroll_into_view_if_needed()
    box = node.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 24, box["y"] + box["height"] / 2)
    page.wait_for_selector("#surrogate .hoverlayer text")


@pytest.mark.slow
@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_sticks_out(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    until(page, "document.scrollingElement.scrollWidth <= document.scrollingElement.clientWidth")
    until(page, REACH % (SEEN, width + 1))


@pytest.mark.slow
def test_its_colours_follow_the_screen(page: Page) -> None:
    ink = "getComputedStyle(document.querySelector('.plot .xtick text, .plot .ytick text')).fill"
    light = page.evaluate(ink)
    page.emulate_media(color_scheme="dark")
    until(page, f"{ink} !== {light!r}")
    assert page.evaluate("getComputedStyle(document.body).color") == page.evaluate(ink)


@pytest.mark.slow
def test_the_usual_report_is_at_most_ten_pages(browser: Browser, tmp_path: Path) -> None:
    one = subject("efficientnet_lite0", "giant_panda", run=None)
    made = report_file(one, usual(one)).submit()
    assert made.wait(300)
    file = tmp_path / "report.html"
    file.write_bytes(made.result().html)
    page = browser.new_page()
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-drawn]", state="attached")
    printed = page.pdf(format="A4", print_background=True, prefer_css_page_size=True)
    page.close()
    assert 1 < len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) <= 10


@pytest.mark.slow
def test_no_chart_is_cut_off_on_paper(page: Page, tmp_path: Path) -> None:
    page.emulate_media(color_scheme="dark")
    printed = tmp_path / "report.pdf"
    printed.write_bytes(page.pdf(format="A4", print_background=True))
    assert printed.read_bytes().startswith(b"%PDF")
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": PAPER, "height": 1000})
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    until(page, REACH % (PRINTED, PAPER + 1))
    heights = page.evaluate(
        "[...document.querySelectorAll('.chart')].map(one => one.getBoundingClientRect().height)"
    )
    assert heights and max(heights) < 1009  # the height of A4 between its margins
    # Words in a chart of seven points; of six where a tree of ten questions is drawn smaller, to fit the page.
    words = page.evaluate(
        "[...document.querySelectorAll('#surrogate .annotation-text')]"
        ".map(one => parseFloat(getComputedStyle(one).fontSize) * one.currentCSSZoom)"
    )
    assert words and min(words) > 8
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(29, 35, 43)"
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.plot .xtick text')).fill")
        == "rgb(29, 35, 43)"
    )


def test_it_is_downloaded_from_its_page(screen: Screen) -> None:
    screen.open("evaluation", model="mlp")
    screen.press("Report")
    screen.page.wait_for_url("**/report?**")
    screen.rest()
    file = screen.download("Download the report (HTML)")
    assert b"is right about 95.5" in file.read_bytes()
    assert b"<td>/evaluation?model=mlp" in file.read_bytes()


def test_one_press_presents_and_the_keys_of_a_remote_turn_the_slides(screen: Screen) -> None:
    none = dict.fromkeys(("p_in_architecture", "p_in_activations", "p_in_weights"), "0")
    screen.open("attribution", model="mlp", method="saliency", **none)
    screen.press("Present")
    stage = screen.page.frame_locator("iframe.vitrine-stage")
    finding = stage.locator(".slide.shown h1")
    expect(finding).to_contain_text("sure: 4")
    screen.page.keyboard.press("PageDown")
    screen.page.keyboard.press("Space")
    expect(stage.locator(".slide.shown .eyebrow")).to_contain_text("Where it looks3 / 3")
    screen.page.wait_for_url("**p.slide=3**")
    screen.page.keyboard.press("PageUp")
    expect(stage.locator(".slide.shown .eyebrow")).to_contain_text("2 / 3")
    with screen.rerun():
        screen.page.keyboard.press("Escape")
    expect(stage.locator("body")).to_have_count(0)
    assert "p.slide" not in screen.address and screen.foreign == []
    expect(screen.headline).to_contain_text("sure: 4")
