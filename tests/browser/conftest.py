"""The app in a process of its own, and a real browser that opens it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.browser.chromium import executable, launch
from tests.browser.screen import PATIENCE_MS, Screen
from tests.browser.server import Server

NewScreen = Callable[..., Screen]
ColorScheme = Literal["light", "dark"]
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker("browser")


@pytest.fixture(scope="package")
def running() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
def server(running: Server) -> Iterator[Server]:
    """The app, which must not have failed in any way during the test."""
    before = len(running.log())
    yield running
    said = running.log()[before:]
    assert "Traceback" not in said, said


# Playwright keeps an event loop running in this thread: only as long as the tests of this folder need it.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    path = executable()
    if path is None:
        reason = "there is no Chromium: install one, or name it in VITRINE_CHROMIUM"
        if os.environ.get("VITRINE_REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        # Tabs of one context are drawn by one process, which keeps what it compiled of the app.
        browser = launch(playwright, path, "--process-per-site")
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def warm(running: Server, browser: Browser) -> Iterator[BrowserContext]:
    """A context whose process knows the app's code already, and lives as long as a tab is open."""
    context = browser.new_context()
    context.new_page().goto(f"{running.url}/_stcore/health")
    yield context
    context.close()


@pytest.fixture
def new_screen(server: Server, browser: Browser, warm: BrowserContext) -> Iterator[NewScreen]:
    """Opens a tab of a visitor of its own, of this size and in these colours."""
    contexts: list[BrowserContext] = []

    def new(width: int = 1440, height: int = 1000, scheme: ColorScheme = "light") -> Screen:
        contexts.append(browser.new_context() if contexts else warm)
        page = contexts[-1].new_page()
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        return Screen(page, server.url)

    yield new
    for context in contexts[1:]:
        context.close()
    for page in warm.pages[1:]:
        # Whoever comes next is another visitor, of whom the browser knows nothing.
        session = warm.new_cdp_session(page)
        session.send("Storage.clearDataForOrigin", {"origin": server.url, "storageTypes": "all"})
        page.close()
    assert not warm.cookies()


@pytest.fixture
def screen(new_screen: NewScreen) -> Screen:
    return new_screen()
