"""The app in a process of its own, and a real browser that opens it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.chromium import executable, launch
from tests.browser.screen import PATIENCE_MS, Screen
from tests.browser.server import Server

NewScreen = Callable[..., Screen]
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.fixture(scope="session")
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


# Playwright keeps an event loop running in this thread: only as long as a module of browser tests needs it.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = executable()
    if path is None:
        reason = "there is no Chromium: install one, or name it in VITRINE_CHROMIUM"
        if os.environ.get("VITRINE_REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = launch(playwright, path)
        yield browser
        browser.close()


@pytest.fixture
def new_screen(server: Server, browser: Browser) -> Iterator[NewScreen]:
    """Opens a tab of a visitor of its own, with options of a browser context."""
    contexts = []

    def new(**options: Any) -> Screen:
        contexts.append(browser.new_context(**{"viewport": {"width": 1440, "height": 1000}} | options))
        return Screen(contexts[-1], server.url)

    yield new
    for context in contexts:
        context.close()


@pytest.fixture
def screen(new_screen: NewScreen) -> Screen:
    return new_screen()
