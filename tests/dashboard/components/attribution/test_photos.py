"""Photos in: the ways to bring one, and the table of one's own."""

from __future__ import annotations

from dashboard import pictures
from tests.dashboard.components.component import alternatives, columns, drawn, left, on_view, sound
from tests.dashboard.pages.app import png


def test_samples_fit_the_network_and_lead_to_themselves():
    app = on_view("attribution.photos", "intake")
    sound(app.segmented_control(key="photo-from").set_value("Samples").run())
    assert alternatives(app) == [pictures.find(address).title for address in pictures.samples("mnist-10k")]
    sound(app.button(key="look-mnist-10k/test/3").click().run())
    assert left(app)["image"] == "mnist-10k/test/3"


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
