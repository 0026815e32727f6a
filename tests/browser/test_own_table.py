"""A table of one's own from the file to the question why: dropped, looked through, learned from, explained."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from models.training import runs
from models.training.runs import status as states
from tests.browser.screen import Screen
from tests.browser.server import Server
from tests.tables import people


@pytest.fixture
def screen(browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Screen]:
    """A tab on an app with a folder of runs of its own."""
    monkeypatch.setenv("VITRINE_RUNS", str(tmp_path))
    with Server() as server:
        context = browser.new_context(viewport={"width": 1440, "height": 1000})
        yield Screen(context.new_page(), server.url)
        context.close()
        for run in runs.listing().runs:
            if run.status().active:
                run.ask("stop")
        assert "Traceback" not in server.log()


def drop(screen: Screen, content: str, name: str = "people.csv") -> None:
    file: FilePayload = {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
    with screen.rerun():
        screen.main.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(file)
    expect(screen.page.get_by_test_id("stFileUploaderFile")).to_have_count(0)
    screen.rest()


@pytest.mark.slow
def test_a_table_is_dropped_learned_and_asked_why(screen: Screen) -> None:
    screen.open("training")
    screen.unfold("Learn from a table of your own")
    drop(screen, "a\n1\n", "bad.csv")
    expect(screen.main.get_by_text("bad.csv has a single column")).to_be_visible()
    if not screen.main.get_by_test_id("stFileUploaderDropzoneInput").first.is_visible():
        screen.unfold("Learn from a table of your own")
    drop(screen, people())
    expect(screen.main.get_by_text("400 rows, 5 columns to learn from or to learn")).to_be_visible()
    screen.button("Train on it").click()
    expect(screen.headline).to_be_in_viewport()
    expect(screen.main.get_by_text(": finished").first).to_be_visible(timeout=90_000)
    (run,) = runs.listing().runs
    assert run.status().state == states.FINISHED
    screen.open("table", model=f"run:{run.id}")
    expect(screen.headline).to_contain_text("learns class")
    expect(screen.headline).to_contain_text("calls this row")
    expect(screen.main.get_by_text("logistic regression about")).to_be_visible()
    # A category is a box, what may be missing has a switch, a number a slider.
    expect(screen.main.get_by_text("age is known")).to_be_visible()
    before = screen.headline.inner_text()
    screen.press("What would turn it")
    expect(screen.main.get_by_text("it would be")).to_be_visible()
    assert screen.headline.inner_text() == before
    screen.page.set_viewport_size({"width": 390, "height": 900})
    screen.expect_to_fit()
