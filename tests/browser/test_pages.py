"""Every view of every page, as a person opens it; `python -m tests.pages` looks at more networks."""

from __future__ import annotations

import pytest

from dashboard.navigation import PAGES, Page
from tests.browser.conftest import NewScreen
from tests.browser.screen import Screen
from tests.pages import Inspector, Scheme

# Photographs in the light, digits in the dark.
LOOKS: tuple[tuple[str, Scheme], ...] = (("efficientnet_lite0", "light"), ("cnn", "dark"))

# What each question finds, and beside it the same as it should be, of which it finds nothing.
OFFENCES = """
<title>A page</title>
<main data-testid="stMain" style="background: #ffffff; color: #000000; width: 600px">
    <h1>One</h1><h1>Two</h1>
    <h2>The panda is a bear.</h2>
    <p style="color: #808080">a faint word</p> <p style="color: #606060">a clear word</p>
    <p style="color: #808080; background: #000000">a clear word on another ground</p>
    <p style="width: 3.2em; overflow-wrap: normal">it is 97 %</p> <p style="width: 3.2em">it is 98&nbsp;%</p>
    <button></button> <button>Named</button>
    <div class="js-plotly-plot"><svg width="300" height="100">
        <rect width="100" height="100" fill="#101010"></rect>
        <text x="10" y="20" style="font-size: 10px; fill: #ffffff">ten pixels</text>
        <text x="10" y="50" style="font-size: 14px; fill: #202020">dark on dark</text>
        <text x="150" y="50" style="font-size: 14px; fill: #202020">dark on light</text>
    </svg></div>
    <svg width="0" height="0"></svg>
    <img alt="Saliency for a panda over the photo" width="200" height="2000"
        src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7">
    <details><summary>More</summary><p>folded away</p></details>
    <code>a_name</code>
</main>
"""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.title)
@pytest.mark.parametrize(("network", "scheme"), LOOKS)
def test_nobody_stumbles_over_a_view(new_screen: NewScreen, network: str, scheme: Scheme, page: Page) -> None:
    rows = list(Inspector(new_screen(scheme=scheme)).rows(network, page, scheme))
    assert [row.told for row in rows if row.new] == []
    assert all(row.view for row in rows) or len(rows) == 1


def test_each_question_to_a_page_can_find_something(new_screen: NewScreen) -> None:
    screen: Screen = new_screen()
    ask = Inspector(screen).ask
    screen.page.goto(f"{screen.url}/_stcore/health")
    screen.page.set_content(OFFENCES)
    assert [fault.rpartition(": ")[2] for fault in ask("faint")] == ["a faint word", "dark on dark"]
    assert ask("small", 12) == ["10.0 px: ten pixels"]
    assert ask("broken") == ["it is 97 %"]
    assert [fault.partition(":")[0] for fault in ask("unnamed", ["button-name"])] == ["button-name"]
    assert ask("mainHeadings") == ["One", "Two"]
    assert ask("headline") == "The panda is a bear."
    (chart, picture) = ask("drawings", 50)
    assert (chart["kind"], chart["whole"], picture["kind"], picture["whole"]) == ("chart", True, "map", False)
    assert "folded away" not in ask("words") and "a_name" not in ask("words")
    assert ask("unfold") == 1
    assert {"folded away", "A page", "ten pixels"} <= set(ask("words"))
