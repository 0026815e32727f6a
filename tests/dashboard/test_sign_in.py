"""Who is here, and for whom a file was made."""

import asyncio
import json

import pytest
from starlette.requests import Request
from streamlit import auth_util, config
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.secrets import AttrDict
from streamlit.web.server.server_util import AUTH_COOKIE_NAME
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from dashboard import sign_in
from dashboard.sign_in import Door, Person
from models.photos.uploads import PERSON

SECRET = "known to this test alone"
SECTION = {"redirect_uri": "http://localhost:8501/oauth2callback", "cookie_secret": SECRET}
PROVIDER = {"client_id": "x", "client_secret": "y", "server_metadata_url": "http://localhost/z"}
ADA = {"is_logged_in": True, "iss": "here", "sub": "1", "name": "Ada", "origin": "http://localhost:8501"}


@pytest.fixture
def configure(monkeypatch):
    """Writes what [auth] of the secrets says."""

    def write(**section):
        monkeypatch.setattr(auth_util, "get_secrets_auth_section", lambda: AttrDict(section))
        monkeypatch.setattr(sign_in, "get_cookie_secret", lambda: section.get("cookie_secret", ""))

    write(**SECTION, **PROVIDER)
    return write


def cookie(told, secret=SECRET):
    signed = create_signed_value(secret, AUTH_COOKIE_NAME, json.dumps(told))
    return {AUTH_COOKIE_NAME: signed.decode()}


def test_where_nothing_is_configured_nobody_is_asked(configure):
    configure()
    assert not sign_in.is_required()
    assert sign_in.problems() == ()


@pytest.mark.parametrize(
    ("section", "problem"),
    [
        (SECTION | PROVIDER, ""),
        (SECTION | {"google": PROVIDER}, ""),
        (SECTION, "names no provider"),
        (SECTION | PROVIDER | {"cookie_secret": "x"}, "at least 16 characters"),
    ],
)
def test_a_sign_in_that_cannot_work_is_told_and_nothing_opens(configure, section, problem):
    configure(**section)
    assert sign_in.is_required()
    assert [problem in told for told in sign_in.problems()] == ([True] if problem else [])


def test_secrets_that_cannot_be_read_open_nothing(monkeypatch, tmp_path):
    file = tmp_path / "secrets.toml"
    file.write_text("[auth")
    real = config.get_option
    monkeypatch.setattr(
        config, "get_option", lambda name: [str(file)] if name == "secrets.files" else real(name)
    )
    monkeypatch.setattr("streamlit.secrets.load_if_toml_exists", lambda: False)
    assert "secrets.toml cannot be read" in sign_in.problems()[0]


def test_the_providers_are_those_with_a_client(configure):
    configure(**SECTION, **PROVIDER, client_kwargs={"prompt": "login"}, google=PROVIDER)
    assert sign_in.providers() == ("default", "google")


def test_a_person_is_known_by_the_cookie_that_the_server_signed(configure):
    ada = sign_in.person_of(cookie(ADA))
    assert ada is not None and ada.name == "Ada" and ada.key.startswith(PERSON)
    assert sign_in.person_of(cookie(ADA | {"name": "Countess"})) == Person(ada.key, "Countess")
    others = [ADA | {"sub": "2"}, ADA | {"iss": "there"}]
    assert ada.key not in {person.key for other in others if (person := sign_in.person_of(cookie(other)))}


@pytest.mark.parametrize(
    "cookies",
    [
        {},
        {AUTH_COOKIE_NAME: "made up"},
        cookie(ADA, "another secret of somebody"),
        cookie(ADA | {"is_logged_in": False}),
        cookie(ADA | {"origin": "http://localhost:9999"}),
        cookie({name: value for name, value in ADA.items() if name != "sub"}),
    ],
    ids=["none", "made up", "signed by another", "signed out", "of another app", "of nobody"],
)
def test_no_other_cookie_is_anybody(configure, cookies):
    assert sign_in.person_of(cookies) is None


def ask(path, told):
    """Status of the answer to a request for that path by somebody; 200 where the app itself is asked."""
    sent = []

    async def app(scope, receive, send):
        sent.append({"status": 200})

    async def send(message):
        sent.append(message)

    text = "; ".join(f"{name}={value}" for name, value in cookie(told).items()) if told else ""
    scope = {"type": "http", "method": "GET", "path": path, "headers": [(b"cookie", text.encode())]}
    asyncio.run(Door(app)(scope, Request(scope).receive, send))
    return sent[0]["status"]


@pytest.fixture
def made(monkeypatch):
    """Makes a file for somebody, at once or when it is asked for; its address."""
    manager = MediaFileManager(MemoryMediaFileStorage("/media"))
    monkeypatch.setattr(sign_in, "_MADE_FOR", type(sign_in._MADE_FOR)())
    sign_in.keep_files_apart(manager)

    def make(content, told, *, later=False):
        monkeypatch.setattr(sign_in, "person", lambda: sign_in._person(told))
        if not later:
            return manager.add(content, "text/plain", "place")
        promised = manager.add_deferred(lambda: content, "text/plain", "place")
        monkeypatch.setattr(sign_in, "person", lambda: None)
        return manager.execute_deferred(promised)

    return make


@pytest.mark.parametrize("later", [False, True])
def test_a_file_is_for_whom_it_was_made(configure, made, later):
    other = ADA | {"sub": "2"}
    url = made(b"a secret", ADA, later=later)
    assert [ask(url, told) for told in (ADA, other, {})] == [200, 404, 401]
    assert made(b"a secret", other, later=later) == url
    assert [ask(url, told) for told in (ADA, other, {})] == [200, 200, 401]


def test_what_a_page_shows_to_nobody_is_for_all(configure, made):
    url = made(b"a logo", {})
    assert [ask(url, told) for told in (ADA, {})] == [200, 200]


def test_files_that_nobody_made_and_uploads_of_nobody_are_refused(configure, made):
    assert [ask("/media/0123.txt", told) for told in (ADA, {})] == [404, 401]
    assert [ask("/_stcore/upload_file/session/file", told) for told in (ADA, {})] == [200, 401]
    assert [ask(path, {}) for path in ("/", "/ready", "/_stcore/health", "/auth/login")] == [200] * 4


def test_without_a_provider_all_requests_go_through(configure, made):
    configure()
    assert ask("/media/0123.txt", {}) == 200


def test_files_that_were_made_long_ago_are_forgotten(configure, made, monkeypatch):
    monkeypatch.setattr(sign_in, "MOST_FILES", 1)
    first, second = made(b"first", ADA), made(b"second", ADA)
    assert [ask(url, ADA) for url in (first, second)] == [404, 200]
