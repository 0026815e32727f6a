"""Where the secrets name a provider of identities: nothing without a sign-in, and nothing of anybody else's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from dashboard.session import NOT_YOURS
from tests.browser.provider import provider, sign_in, write_secrets
from tests.browser.screen import Screen, photo
from tests.browser.server import Server

PEOPLE = {"ada": "Ada Lovelace", "charles": "Charles Babbage"}
ASKED = "Sign in to look at networks here."


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("secrets")
    with provider(PEOPLE) as url, Server(STREAMLIT_SECRETS_FILES=write_secrets(folder, url)) as server:
        yield server
        assert "Traceback" not in server.log(), server.log()


@pytest.fixture
def visitor(guarded: Server, browser: Browser) -> Iterator[Screen]:
    """A tab of somebody who has not signed in."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    yield Screen(context.new_page(), guarded.url).open("?model=cnn")
    context.close()


second = visitor


def status(screen: Screen, url: str) -> int:
    """What the server says to this visitor, whoever it is, who asks for a file."""
    return screen.page.request.get(url).status


def test_nobody_sees_what_somebody_else_brought(visitor: Screen, second: Screen) -> None:
    ada, charles = visitor, second
    for screen in (ada, charles):
        expect(screen.headline).to_have_text(ASKED)
        expect(screen.page.get_by_test_id("stSidebarNavLink")).to_have_count(0)
    sign_in(ada, "ada")
    expect(ada.sidebar).to_contain_text("Signed in as Ada Lovelace")
    ada.open("attribution", model="cnn", image="mnist-10k/test/0")
    ada.upload(photo("cat_chelsea", "a secret.jpg"))
    picture = ada.sidebar.get_by_alt_text("a secret.jpg")
    expect(picture).to_be_visible()
    link, seen = ada.page.url, str(picture.evaluate("picture => picture.currentSrc"))
    assert (status(ada, seen), status(charles, seen)) == (200, 401)

    sign_in(charles, "charles")
    charles.follow(link)
    expect(charles.main).to_contain_text(NOT_YOURS)
    assert "a secret" not in charles.page.content()
    with ada.page.expect_download() as coming:
        ada.button("npz").click()
    for url in (seen, coming.value.url):
        assert (status(ada, url), status(charles, url)) == (200, 404)

    ada.sidebar.get_by_role("button", name="Sign out").click()
    ada.page.get_by_role("button", name="End session").click()
    expect(ada.headline).to_have_text(ASKED)
    assert status(ada, seen) == 401
