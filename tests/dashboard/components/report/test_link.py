"""The way to the report from every other page."""

from __future__ import annotations

import pytest

from tests.dashboard.components.component import drawn


def script(path):
    from dashboard import session
    from dashboard.components.report import link

    session.begin()
    link.button(path)


@pytest.mark.parametrize(("path", "count"), [("weights", 1), ("", 1), ("report", 0)])
def test_every_page_but_the_reports_own_leads_there(path, count):
    app = drawn(script, path=path)
    assert [button.label for button in app.button] == ["Report"] * count
