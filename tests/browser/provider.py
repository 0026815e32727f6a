"""A small provider of identities on this machine (OpenID Connect), and the app with the secrets that name it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.screen import Screen
from tests.browser.server import HOST, START_SECONDS, free_port

SECRETS = """
[auth]
redirect_uri = "http://localhost:{{port}}/oauth2callback"
cookie_secret = "known to this test alone, and long enough"
client_id = "vitrine"
client_secret = "of no use elsewhere"
server_metadata_url = "{provider}/.well-known/openid-configuration"
"""


@contextmanager
def provider(people: Mapping[str, str]) -> Iterator[str]:
    """Address of a provider that knows these people, by what it calls them and by name."""
    port = free_port()
    claims = [json.dumps({"sub": subject, "name": name}) for subject, name in people.items()]
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), "--host", HOST]
        + [part for claim in claims for part in ("--user-claims", claim)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        url = f"http://{HOST}:{port}"
        _wait_for(f"{url}/.well-known/openid-configuration", process)
        yield url
    finally:
        process.terminate()
        process.wait()


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            assert process.poll() is None and time.monotonic() < deadline, "the provider did not start"
            time.sleep(0.05)


def write_secrets(folder: Path, url: str) -> str:
    """A file of secrets that names that provider."""
    file = folder / "secrets.toml"
    file.write_text(SECRETS.format(provider=url))
    return str(file)


def sign_in(screen: Screen, subject: str) -> None:
    """Go through the provider as that person, from the page that asks, to the first page."""
    # Its page asks another machine for how it looks.
    screen.page.route(
        "**/*.css", lambda route: route.abort() if HOST not in route.request.url else route.continue_()
    )
    screen.button("Sign in").click()
    screen.page.get_by_role("button", name=subject, exact=True).click()
    expect(screen.sidebar.get_by_role("button", name="Sign out")).to_be_visible()
    screen.rest()
