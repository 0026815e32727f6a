"""Who is here, where the operator's secrets name a provider of identities (`[auth]`); else nobody is asked.

Then pages, downloads and uploads are for those who signed in, and a file that a page offers is for the person for whom
it was made.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import streamlit as st
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import auth_util, config
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.url_util import make_url_path
from streamlit.web.server.server_util import AUTH_COOKIE_NAME, get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value

from models.photos.uploads import PERSON

# A cookie that is signed with fewer characters than these could be forged.
LEAST_SECRET = 16
# What a person is called, whichever of these the provider tells first.
NAMES = ("name", "preferred_username", "email", "sub")
NOBODY = ""  # the key of whoever has not signed in
# File of a page -> keys of those for whom it was made. The one added longest ago goes first.
_MADE_FOR: OrderedDict[str, set[str]] = OrderedDict()
MOST_FILES = 100_000


@dataclass(frozen=True)
class Person:
    """Somebody who signed in.

    Attributes:
        key: the same whenever they come, and nobody else's; says nothing of them.
        name: for display.
    """

    key: str
    name: str


def is_required() -> bool:
    """Whether pages are for those who signed in."""
    return bool(auth_util.get_secrets_auth_section())


def problems() -> tuple[str, ...]:
    """A sentence where the operator wants a sign-in that does not work: nothing is open until it does."""
    files = [path for path in map(Path, config.get_option("secrets.files")) if path.exists()]
    if files and not st.secrets.load_if_toml_exists():
        return (
            f"{files[0].name} cannot be read, so nobody can tell whether visitors must sign in; correct it.",
        )
    if not is_required():
        return ()
    section = auth_util.get_secrets_auth_section()
    if not auth_util.is_authlib_installed():
        return ('Visitors must sign in, and what that needs is missing: pip install "streamlit[auth]".',)
    if len(str(section.get("cookie_secret", ""))) < LEAST_SECRET:
        return (
            f"cookie_secret in [auth] must have at least {LEAST_SECRET} characters; choose a random one.",
        )
    if not providers():
        return ("[auth] names no provider: it needs client_id, client_secret and server_metadata_url.",)
    return ()


def providers() -> tuple[str, ...]:
    """Names of the providers that visitors may choose from; one that is named nowhere is the "default"."""
    section = auth_util.get_secrets_auth_section()
    named = [name for name, value in section.items() if isinstance(value, Mapping) and "client_id" in value]
    return (*(["default"] if section.get("client_id") else []), *named)


def person() -> Person | None:
    """Who looks at the page that is being made."""
    return _person(st.user.to_dict())


def person_of(cookies: Mapping[str, str]) -> Person | None:
    """Who sends these cookies, by the one that the server signed when they signed in."""

    def read(name: str) -> bytes | None:
        return decode_signed_value(get_cookie_secret(), name, cookies.get(name, "").encode("latin-1"))

    signed = auth_util.get_cookie_with_chunks(read, AUTH_COOKIE_NAME)
    told = json.loads(signed) if signed else {}
    # Cookies know no ports: one of another app on this machine is none of this one.
    return _person(told) if told.get("origin") == auth_util.get_origin_from_redirect_uri() else None


def _person(told: Mapping[str, Any]) -> Person | None:
    if not told.get("is_logged_in") or not told.get("sub"):
        return None
    digest = hashlib.sha256(json.dumps([told.get("iss"), told["sub"]]).encode()).hexdigest()
    return Person(PERSON + digest, str(next(told[field] for field in NAMES if told.get(field))))


def keep_files_apart(manager: MediaFileManager) -> None:
    """Note for whom each file of a page is made, from now on.

    Streamlit hands a file to whoever has its address, and forgets whose it is while a page runs again. What is made
    when it is asked for has an address before, and the same people.
    """
    made, promised, kept = manager.add, manager.add_deferred, manager.execute_deferred
    changed: dict[str, Callable[..., str]] = {
        "add": lambda *those, **options: _note(made(*those, **options), _here()),
        "add_deferred": lambda *those, **options: _note(promised(*those, **options), _here()),
        "execute_deferred": lambda file: _note(kept(file), _made_for(file)),
    }
    for name, method in changed.items():
        setattr(manager, name, method)


def _here() -> set[str]:
    """Keys of who looks at the page that is being made."""
    somebody = person()
    return {somebody.key if somebody else NOBODY}


def _made_for(url: str) -> set[str]:
    return _MADE_FOR.get(PurePosixPath(url).stem, set())


def _note(url: str, people: set[str]) -> str:
    name = PurePosixPath(url).stem
    _MADE_FOR[name] = _MADE_FOR.pop(name, set()) | people
    while len(_MADE_FOR) > MOST_FILES:
        _MADE_FOR.popitem(last=False)
    return url


class Door:
    """Lets files in and out for those alone whose they are; everything else asks for itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        refusal = self._refusal(scope) if scope["type"] == "http" and is_required() else None
        await (refusal or self._app)(scope, receive, send)

    @staticmethod
    def _refusal(scope: Scope) -> PlainTextResponse | None:
        base, path = config.get_option("server.baseUrlPath"), scope["path"]
        is_file = path.startswith(make_url_path(base, "media/"))
        if not is_file and not path.startswith(make_url_path(base, "_stcore/upload_file/")):
            return None
        people = _made_for(path) if is_file else set()
        somebody = person_of(HTTPConnection(scope).cookies)
        if somebody is None:
            return None if NOBODY in people else PlainTextResponse("Sign in first.", 401)
        return (
            None if not is_file or people & {somebody.key, NOBODY} else PlainTextResponse("Not found.", 404)
        )
