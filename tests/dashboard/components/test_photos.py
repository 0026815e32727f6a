"""Photos in, from the sidebar: the ways to bring one."""

from __future__ import annotations

import json

from dashboard import pictures
from tests.dashboard.components.component import alternatives, drawn, left, sound
from tests.dashboard.pages.app import png, said


def script():
    from dashboard import session
    from dashboard.components import photos
    from dashboard.components.look import look

    session.begin()
    view = look(session.visit().selection)
    photos.intake(view)
    photos.outcome()


def page():
    return drawn(script, {"model": "cnn", "image": "mnist-10k/test/17"})


def test_samples_fit_the_network_and_lead_to_themselves():
    app = page()
    assert not alternatives(app), "they are drawn when they are asked for"
    app.session_state["samples"] = True
    sound(app.run())
    assert alternatives(app) == [pictures.find(address).title for address in pictures.samples("mnist-10k")]
    sound(app.button(key="look-mnist-10k/test/3").click().run())
    assert left(app)["image"] == "mnist-10k/test/3"


def test_a_drop_is_looked_at_and_what_is_wrong_is_said_once():
    app = page()
    app.file_uploader[0].upload("mine.png", png("teal"), "image/png")
    sound(app.run())
    assert left(app)["image"].startswith("upload:") and not app.error
    app.file_uploader[0].upload("torn.png", b"torn", "image/png")
    sound(app.run())
    assert "torn.png" in said(app.error)
    app.file_uploader[0].upload("again.png", png("navy"), "image/png")
    assert not sound(app.run()).error


def _folder():
    from dashboard import session
    from dashboard.components import photos

    session.begin()
    photos.folder("A folder")
    photos.outcome()


def test_a_folder_is_taken_in_beside_the_photo_that_is_looked_at():
    app = drawn(_folder, {"model": "mlp", "image": "mnist-10k/test/17"})
    for name, content in (("a.png", png("teal")), ("b.png", png("navy")), ("c.png", b"torn")):
        app.file_uploader[0].upload(name, content, "application/octet-stream")
    sound(app.run())
    assert left(app)["image"] == "mnist-10k/test/17" and not app.info
    assert "c.png" in said(app.error)


def test_many_photos_are_counted_and_weights_are_sent_elsewhere():
    app = page()
    for name, content in (("a.png", png("teal")), ("b.png", png("navy")), ("best.pth.tar", b"PK\x03\x04")):
        app.file_uploader[0].upload(name, content, "application/octet-stream")
    sound(app.run())
    assert said(app.info) == (
        "2 photos were taken in, and the first is shown. Attribution lists all with their answers."
    )
    assert (
        said(app.error) == "best.pth.tar is no picture; drop the weights of a network under Your checkpoint."
    )


def test_drops_elsewhere_on_the_page_are_handed_to_this_place():
    (drops,) = page().get("bidi_component")
    assert drops.proto.component_name == "vitrine_drops"
    assert json.loads(drops.proto.json) == {"place": "photos"}
