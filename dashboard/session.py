"""The one owner of session state and of the address: everything else asks here.

Widgets are controlled: before each is made, its state is set from the selection, and its callback changes the
selection. So a choice cannot be lost when a page changes while a script still runs, which a widget bound to the
address on two pages was measured to do in one of six such changes.
"""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import secrets
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard import pictures
from dashboard.inspection.attribution import METHODS
from dashboard.runs import watched
from dashboard.selection import Known, Selection, parse, query, with_model
from dashboard.uploads import SCHEME, UPLOADS
from models import zoo
from models.errors import UserError

# A visitor's own pictures that stay listed; the files themselves have a budget of their own.
MOST_UPLOADS = 200


@dataclasses.dataclass(frozen=True)
class Visit:
    """What a session remembers: names and digests only, no tensor, module, image or figure.

    Attributes:
        selection: what is looked at.
        page: of the last run, as Streamlit tells pages apart.
        problems: sentences to show until the next choice.
        token: tells this session from others.
        refusals: sentences about files of the last drop that could not be used.
        drops: how many drops were taken; part of the uploader's key, so that it empties.
        stopped: keys of jobs that the visitor stopped; forgotten with the next choice.
    """

    selection: Selection
    page: str = ""
    problems: tuple[str, ...] = ()
    token: str = dataclasses.field(default_factory=lambda: secrets.token_hex(16))
    refusals: tuple[str, ...] = ()
    drops: int = 0
    stopped: frozenset[Hashable] = frozenset()


def _known_model(name: str) -> str:
    return pictures.start(zoo.find(name).fits)


def _known_method(name: str) -> None:
    if name not in METHODS:
        raise UserError(f"There is no method called {name[:40]!r}; choose one of {', '.join(METHODS)}.")


KNOWN = Known(
    model=_known_model, image=pictures.label, method=_known_method, run=watched, default_model=zoo.DEFAULT
)


def visit() -> Visit:
    """What this session remembers."""
    remembered: Visit = st.session_state["visit"]
    return remembered


def remember(**changes: Any) -> None:
    """Change what this session remembers."""
    st.session_state["visit"] = dataclasses.replace(visit(), **changes)


def begin() -> None:
    """Bring session and address together at the start of a run.

    The address wins where it was just opened, and where the browser went back or forward to it. Otherwise the
    session does: a change of page empties the address, and a click that is faster than the browser's address bar
    comes with an old one.
    """
    typed = {name: st.query_params.get_all(name) for name in st.query_params}
    context = get_script_run_ctx()
    page = "" if context is None else context.page_script_hash
    if "visit" not in st.session_state or _address_leads(typed, page):
        selection, problems = parse(typed, KNOWN)
        st.session_state.setdefault("visit", Visit(selection))
        remember(selection=selection, problems=tuple(problems))
    remember(page=page)
    _drop_what_is_gone()
    said = query(visit().selection, KNOWN)
    if said != typed:
        st.query_params.from_dict(said)


def _address_leads(typed: Mapping[str, Sequence[str]], page: str) -> bool:
    """Whether the browser went back or forward to this address.

    A change of page that overtakes such a step arrives together with it, and with an empty address.
    """
    context = get_script_run_ctx()
    went = context is not None and context.is_history_navigation
    return went and (bool(typed) or page == visit().page)


def _drop_what_is_gone() -> None:
    """Fall back where a network or a run was deleted since it was chosen."""
    selection = visit().selection
    try:
        KNOWN.model(selection.model)
    except UserError as refusal:
        fall_back(str(refusal))
    try:
        for name in selection.runs:
            KNOWN.run(name)
    except UserError as refusal:
        _look_at(dataclasses.replace(visit().selection, runs=()), (*visit().problems, str(refusal)))


def choose(**changes: Any) -> None:
    """Look at something else: fields of Selection. For callbacks, which run before the page does."""
    _look_at(dataclasses.replace(visit().selection, **changes))


def choose_model(name: str) -> None:
    """Look at another network; what belonged to the old one falls back to the new one's default."""
    fits = zoo.find(name).fits
    _look_at(
        with_model(
            visit().selection,
            name,
            fits=lambda image: pictures.belongs(image, fits),
            start=pictures.start(fits),
        )
    )


def choose_parameter(name: str, text: str | None) -> None:
    """Set `p.<name>`; None goes back to the default."""
    parameters = {key: value for key, value in visit().selection.parameters.items() if key != name}
    choose(parameters=parameters if text is None else parameters | {name: text})


def _look_at(selection: Selection, problems: Sequence[str] = ()) -> None:
    remember(selection=selection, problems=tuple(problems), refusals=(), stopped=frozenset())
    st.query_params.from_dict(query(selection, KNOWN))


def control(key: str, value: object) -> str:
    """Set the state of the widget that is about to be made, and return its key."""
    st.session_state[key] = value
    return key


def entered(key: str) -> Any:
    """What a person entered in the widget of that key. For its callback."""
    return st.session_state[key]


def stop(key: Hashable) -> None:
    """Do not wait for that job any more, until the next choice."""
    remember(stopped=visit().stopped | {key})


def resume(key: Hashable) -> None:
    """Ask for a job again that was stopped."""
    remember(stopped=visit().stopped - {key})


def tell(problem: str) -> None:
    """Show a sentence until the next choice."""
    remember(problems=(*visit().problems, problem))


def number(name: str, default: int) -> int:
    """A page's own setting from the address: a whole number, at least 0."""
    text = visit().selection.parameters.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default


def flag(name: str) -> bool:
    """A page's own setting from the address that is on or off."""
    return visit().selection.parameters.get(name) == "1"


def correct(selection: Selection, problems: Sequence[str]) -> None:
    """Put right what the address asked for and the network does not have, with a sentence for each."""
    _look_at(selection, problems=(*visit().problems, *problems))


def fall_back(problem: str) -> None:
    """Look at the default network and picture, after what was asked for could not be had."""
    start = Selection(zoo.DEFAULT, (KNOWN.model(zoo.DEFAULT),), methods=visit().selection.methods)
    _look_at(start, problems=(*visit().problems, problem))


def owner() -> str:
    """Who this visitor is to the store of uploads: the same in all tabs of a browser and after a reload.

    It is the secret that Streamlit's XSRF cookie holds, which is masked anew each time it is written: version,
    mask, masked secret and time, as Tornado writes them. No link carries it. Without the cookie it is the session.
    """
    cookie = st.context.cookies.get("_streamlit_xsrf", "").split("|")
    if len(cookie) != 4:
        return visit().token
    try:
        mask, masked = bytes.fromhex(cookie[1]), bytes.fromhex(cookie[2])
    except ValueError:
        return visit().token
    secret = bytes(byte ^ key for byte, key in zip(masked, itertools.cycle(mask), strict=False))
    return hashlib.sha256(secret).hexdigest() if secret else visit().token


def own_pictures() -> tuple[str, ...]:
    """Addresses of the visitor's own pictures that the server still holds, newest first."""
    return tuple(upload.address for upload in UPLOADS.owned(owner())[:MOST_UPLOADS])


def took_drop(addresses: Sequence[str], refusals: Sequence[str]) -> None:
    """Take in a drop of files: look at the first good one, and say what was wrong with the others."""
    if addresses:
        choose(images=(addresses[0],), target=None, versus=None)
    remember(refusals=tuple(refusals), drops=visit().drops + 1)


def forget_uploads() -> None:
    """Let go of the visitor's own pictures, which deletes those that nobody else dropped."""
    for address in own_pictures():
        UPLOADS.forget(address, owner())
    selection = visit().selection
    images = tuple(image for image in selection.images if not image.startswith(SCHEME))
    choose(images=images or (KNOWN.model(selection.model),))
