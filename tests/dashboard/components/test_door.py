"""What stands instead of a page until somebody has signed in."""

from __future__ import annotations

from dashboard import sign_in
from tests.dashboard.components.component import drawn


def script():
    from dashboard.components import door

    door.ask()


def test_every_provider_has_a_button(monkeypatch):
    monkeypatch.setattr(sign_in, "providers", lambda: ("default", "goo_gle"))
    app = drawn(script)
    assert [button.label for button in app.button] == ["Sign in", r"Sign in with goo\_gle"]
    assert app.header[0].value.startswith("Sign in")
