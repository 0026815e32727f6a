"""The table of one's own photos."""

from __future__ import annotations

from dashboard import pictures
from tests.dashboard.components.component import columns, drawn
from tests.dashboard.pages.app import png


def script(owner):
    from dashboard import session
    from dashboard.components.attribution import photos
    from dashboard.components.look import look

    session.begin()
    session.owner = lambda: owner
    photos.table(look(session.visit().selection))


def test_a_table_of_two_or_more_of_ones_own(monkeypatch):
    from dashboard import session

    monkeypatch.setattr(session, "owner", session.owner)
    pictures.UPLOADS.put(png("teal"), "one.png", "alone")
    assert not drawn(script, {"model": "cnn"}, owner="alone").dataframe
    addresses = [
        pictures.UPLOADS.put(png(colour), f"{colour}.png", "ann").address for colour in ("red", "navy")
    ]
    table = columns(drawn(script, {"model": "cnn"}, owner="ann"))
    assert table["Photo"] == ["navy.png", "red.png"]
    assert all(0 < probability <= 1 for probability in table["Probability"])
    assert len(set(addresses)) == 2
