"""The one owner of session state and of the address: what wins, what is remembered, and what is let go."""

from __future__ import annotations

import pytest

from dashboard import pictures, session, sign_in
from dashboard.sign_in import Person
from models.photos.uploads import PERSON
from tests.dashboard.components.component import drawn, left, sound
from tests.dashboard.pages.app import png


def script(action=None, arguments=(), keywords=None, owner=None):
    import streamlit as st

    from dashboard import session

    session.begin()
    if owner is not None:
        session.owner = lambda: owner
    if action is not None:
        st.button("Go", on_click=getattr(session, action), args=arguments, kwargs=keywords or {})
    visit = session.visit()
    st.text(visit.selection.model)
    st.text(" ".join(visit.selection.images))
    for sentence in visit.problems:
        st.warning(sentence)
    st.metric("Starts", visit.starts)
    st.caption(
        f"{visit.drops} {len(visit.stopped)} {' '.join((*visit.refusals, *visit.checkpoint_refusals))}"
    )


def page(address=None, *, action=None, arguments=(), keywords=None, owner=None):
    return drawn(script, address, action=action, arguments=arguments, keywords=keywords, owner=owner)


def pressed(app):
    return sound(app.button[0].click().run())


@pytest.fixture
def own(monkeypatch):
    """The owner of a session is put back after a test says who it is."""
    from dashboard import session

    monkeypatch.setattr(session, "owner", session.owner)


def test_an_address_is_read_once_and_what_it_names_wrongly_is_said():
    app = page({"model": "cnn", "target": "x"})
    assert [text.value for text in app.text] == ["cnn", "mnist-10k/test/0"]
    assert len(app.warning) == 1
    assert left(app) == {"model": "cnn"}


def test_a_choice_changes_the_address_and_forgets_what_was_said():
    app = pressed(page({"model": "cnn", "target": "x"}, action="choose", keywords={"target": 3, "unit": 2}))
    assert left(app) == {"model": "cnn", "target": "3", "unit": "2"}
    assert not app.warning


def test_each_start_is_counted_and_what_was_started_is_looked_at():
    app = page({"run": "example-healthy"}, action="watch", arguments=(["example-memorises"],))
    assert app.metric[0].value == "0"
    for starts in ("1", "2"):
        assert pressed(app).metric[0].value == starts
    assert left(app) == {"run": "example-memorises"}


def test_another_network_keeps_what_fits_it():
    address = {"model": "cnn", "image": "mnist-10k/test/5", "layer": "block2", "target": "3"}
    app = pressed(page(address, action="choose_model", arguments=("mlp",)))
    assert left(app) == {"model": "mlp", "image": "mnist-10k/test/5"}
    app = pressed(page(address, action="choose_model", arguments=("squeezenet1_1",)))
    assert left(app) == {"model": "squeezenet1_1"}


def test_settings_are_changed_one_by_one_and_taken_back():
    from dashboard.parameters import DEPTH, LOG, SORT

    app = pressed(page({"p.sort": "index"}, action="choose_parameters", arguments=({DEPTH: 2, LOG: True},)))
    assert left(app) == {"p.sort": "index", "p.depth": "2", "p.log": "1"}
    assert left(pressed(page({"p.sort": "index"}, action="choose_parameter", arguments=(SORT, None)))) == {}


def test_what_a_film_shows_follows_into_the_address_with_the_next_choice():
    from dashboard.parameters import STEP

    app = page({"model": "cnn"}, action="pass_by", arguments=(STEP, 30))
    app.button[0].click()
    assert left(sound(app.run())) == {"model": "cnn", "p.step": "30"}


def test_a_stopped_job_is_remembered_until_the_next_choice():
    app = pressed(page(action="stop", arguments=("job",)))
    assert app.caption[0].value.split()[1] == "1"
    assert pressed(page(action="resume", arguments=("job",))).caption[0].value.split()[1] == "0"


def test_the_first_good_file_of_a_drop_is_looked_at_and_the_bad_ones_are_said():
    address = pictures.UPLOADS.put(png("teal"), "a.png", "ann").address
    app = pressed(page({"target": "3"}, action="take_drop", arguments=([address], ["b.png is damaged."])))
    assert left(app) == {"image": address}
    assert app.caption[0].value == "1 0 b.png is damaged."


def test_own_pictures_are_let_go_and_the_start_is_looked_at_again(own):
    first = pictures.UPLOADS.put(png("navy"), "mine.png", "session-test").address
    app = page({"model": "cnn", "image": first}, action="forget_uploads", owner="session-test")
    assert app.text[1].value == first
    assert left(pressed(app)) == {"model": "cnn"}
    assert not pictures.UPLOADS.of_owner("session-test")


def test_a_checkpoint_that_cannot_be_used_is_said_and_the_drop_zone_empties():
    app = pressed(page(action="refuse_checkpoint", arguments=("It is no checkpoint.",)))
    assert app.caption[0].value == "1 0 It is no checkpoint."


def test_what_was_deleted_meanwhile_gives_way_with_a_sentence():
    app = page({"run": "example-healthy", "model": "cnn"})
    assert left(app) == {"run": "example-healthy", "model": "cnn"}
    app = pressed(page(action="fall_back", arguments=("It is gone.",)))
    assert [warning.value for warning in app.warning] == ["It is gone."]


def test_a_widget_is_set_before_it_is_drawn():
    def widget():
        import streamlit as st

        from dashboard import session

        st.number_input("Number", 0, 9, key=session.control("number", 7))
        st.text(str(session.entry("number")))

    app = drawn(widget)
    assert (app.number_input[0].value, app.text[0].value) == (7, "7")


@pytest.fixture
def somebody(monkeypatch):
    """Who signs in."""

    def come(key):
        monkeypatch.setattr(sign_in, "is_required", lambda: True)
        monkeypatch.setattr(sign_in, "person", lambda: Person(PERSON + key, key.title()))

    return come


@pytest.mark.parametrize("before", [[], ["mnist-10k/test/1"]], ids=["first", "second"])
def test_a_person_who_signed_in_looks_at_no_picture_of_anybody_else(somebody, before):
    upload = pictures.UPLOADS.put(png("red"), "mine.png", PERSON + "ada")
    somebody("charles")
    app = page({"model": "cnn", "image": [*before, upload.address]})
    assert [warning.value for warning in app.warning] == [session.NOT_YOURS]
    assert upload.address not in f"{left(app)} {app.text[1].value}"


def test_a_person_who_signed_in_looks_at_their_own(somebody):
    upload = pictures.UPLOADS.put(png("red"), "mine.png", PERSON + "ada")
    somebody("ada")
    app = page({"model": "cnn", "image": upload.address})
    assert app.text[1].value == upload.address
    assert not app.warning


def test_a_choice_of_somebody_elses_file_is_none(somebody):
    upload = pictures.UPLOADS.put(png("red"), "mine.png", PERSON + "ada")
    somebody("charles")
    app = pressed(page({"model": "cnn"}, action="choose", keywords={"images": (upload.address,)}))
    assert upload.address not in app.text[1].value
    assert upload.address not in str(left(app))
