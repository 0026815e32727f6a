"""The one owner of session state and of the address: everything else asks here.

Widgets are controlled: before each is made, its state is set from the selection, and its callback changes the
selection. So a choice cannot be lost when a page changes while a script still runs, which a widget bound to the
address on two pages was measured to do in one of six such changes.
"""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import re
import secrets
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard import pictures, sign_in, unclaimed
from dashboard.known import KNOWN
from dashboard.parameters import Parameter, merge
from dashboard.selection import Selection, parse, query, with_model
from models import zoo
from models.checkpoints.store import CHECKPOINTS
from models.networks import find_network
from models.photos.uploads import SCHEME, Upload
from models.runtime.errors import UserError

T = TypeVar("T")
# A visitor's own pictures that stay listed; the files themselves have a budget of their own.
MOST_UPLOADS = 200
NOT_YOURS = "This link names a file that is not yours, or that was dropped too long ago; drop it to see it."


@dataclasses.dataclass(frozen=True)
class Visit:
    """What a session remembers: names and digests only, no tensor, module, image or figure.

    Attributes:
        selection: what is looked at.
        page: of the last run, as Streamlit tells pages apart.
        arrived: what was looked at when that page was reached.
        passed: a page that was left, and what was looked at from then on: the browser keeps both as a step of its own.
        problems: sentences to show until the next choice.
        token: tells this session from others.
        refusals: sentences about files of the last drop that could not be used.
        taken: how many different photos the last drop brought; forgotten with the next choice.
        checkpoint_refusals: sentences about the last checkpoint, where it could not be used.
        checkpoint: address of the checkpoint that is told about; empty for the one looked at.
        drops: how many drops were taken; part of an uploader's key, so that it empties.
        stopped: keys of jobs that the visitor stopped; forgotten with the next choice.
        starts: how often the visitor started runs.
        way: path of the page that a choice leads to; None where it leads to no other.
    """

    selection: Selection
    page: str = ""
    arrived: Selection | None = None
    passed: tuple[str, Selection] | None = None
    problems: tuple[str, ...] = ()
    token: str = dataclasses.field(default_factory=lambda: secrets.token_hex(16))
    refusals: tuple[str, ...] = ()
    taken: int = 0
    checkpoint_refusals: tuple[str, ...] = ()
    checkpoint: str = ""
    drops: int = 0
    stopped: frozenset[Hashable] = frozenset()
    starts: int = 0
    way: str | None = None


def visit() -> Visit:
    """What this session remembers."""
    remembered: Visit = st.session_state["visit"]
    return remembered


def remember(**changes: Any) -> None:
    """Change what this session remembers.

    What somebody else dropped is nothing that a person who signed in looks at, whatever named it.
    """
    if "selection" in changes and not _may_look_at(changes["selection"]):
        changes |= {"selection": _start(), "problems": (NOT_YOURS,)}
    st.session_state["visit"] = dataclasses.replace(visit(), **changes)


def _may_look_at(selection: Selection) -> bool:
    """Whether all files that a selection names, in any of its fields, are for this visitor to see."""
    if not sign_in.is_required():
        return True
    named = set(re.findall(rf"{SCHEME}[0-9a-f]+", str(query(selection, KNOWN))))
    stores = pictures.UPLOADS, CHECKPOINTS.uploads
    return all(any(store.find(address, owner()) for store in stores) for address in named)


def _start() -> Selection:
    """The default network and picture."""
    return Selection(zoo.DEFAULT, (KNOWN.model(zoo.DEFAULT),))


def give_way() -> None:
    """Let Streamlit end this script if the visitor chose something else or left.

    It looks whenever a script reads its state or sends something; only the latter costs the browser a redraw.
    """
    has_begun()


def has_begun() -> bool:
    """Whether this session has read its address before."""
    return "visit" in st.session_state


def _typed() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def glance() -> Selection | None:
    """What the address of a visit that begins will be read as; None where the visit has begun."""
    if has_begun():
        return None
    selection = parse(_typed(), KNOWN)[0]
    return selection if _may_look_at(selection) else _start()


def begin() -> bool:
    """Bring session and address together at the start of a run; whether the browser is to go on one step back.

    The address wins where it was just opened, and where the browser went back or forward to it. Otherwise the
    session does: a change of page empties the address, and a click that is faster than the browser's address bar
    comes with an old one.
    """
    typed = _typed()
    context = get_script_run_ctx()
    page = "" if context is None else context.page_script_hash
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        unclaimed.watch(context.uploaded_file_mgr)
    went, between = context is not None and context.is_history_navigation, False
    if not has_begun() or (went and typed):
        selection, problems = parse(typed, KNOWN)
        st.session_state.setdefault("visit", Visit(selection))
        between = visit().passed == (page, selection)
        remember(selection=selection, problems=tuple(problems))
    # On another page, an empty address is that of a change of page that overtook the step back.
    returned = went and not typed and page == visit().page
    if returned:
        remember(selection=visit().arrived or visit().selection, problems=())
    if page != visit().page:
        remember(page=page, arrived=visit().selection, passed=None if between else visit().passed)
    _drop_what_is_gone()
    own = address()
    if own != typed:
        st.query_params.from_dict(own)
    # Steps that nobody took: a slow browser keeps the empty address of a change of page (where the page was reached
    # with nothing but defaults, it is their address), and a way to another photo on another page has two of them.
    return between or (returned and bool(own))


def address() -> dict[str, list[str]]:
    """The address of what is looked at, for a way to another page that keeps it."""
    return query(visit().selection, KNOWN)


def switch(file: str, **changes: Any) -> None:
    """Go to the page of that file, and on looking at the same but for some fields of Selection.

    What changes does so on the other page: one step back undoes it.
    """
    if changes:
        selection = _changed(**changes)
        remember(passed=(visit().page, selection), selection=selection)
        remember(problems=(), refusals=(), taken=0, stopped=frozenset())
    st.switch_page(file, query_params=address())


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
    _look_at(_changed(**changes))


def _changed(**changes: Any) -> Selection:
    """The selection with some fields changed. Why one class rather than another is asked of one photo."""
    selection = visit().selection
    if changes.get("images", selection.images)[0] != selection.image:
        changes = {"versus": None} | changes
    return dataclasses.replace(selection, **changes)


def watch(runs: Sequence[str]) -> None:
    """Look at runs after something was started, from the top of the page."""
    choose(runs=tuple(runs))
    remember(starts=visit().starts + 1)


def choose_run(run: str) -> None:
    """Look at one run alone, by its id: what a click on its mark asks for."""
    choose(runs=(run,))


def choose_model(name: str, start: str = "") -> None:
    """Look at another network; what belonged to the old one falls back to the new one's default.

    Args:
        name: of the network.
        start: address of the picture that it starts with; empty for the usual one.
    """
    fits = find_network(name).fits
    _look_at(
        with_model(
            visit().selection,
            name,
            fits=lambda image: pictures.belongs(image, fits),
            start=start or pictures.start(fits),
        )
    )


def settings() -> Mapping[str, str]:
    """What the address says in `p.<name>`, for the parameters to read."""
    return visit().selection.parameters


def choose_parameter(parameter: Parameter[T], value: T | None) -> None:
    """Set one setting of the address; None goes back to the default."""
    choose_parameters({parameter: value})


def choose_parameters(values: Mapping[Parameter[Any], Any]) -> None:
    """Set several settings of the address at once; None goes back to the default."""
    choose(parameters=merge(settings(), values))


def pass_by(parameter: Parameter[T], value: T) -> None:
    """Set a setting of the address for a moment, as a film does: the address follows with the next choice.

    Each change of the address is a step that the browser goes back by, and nobody wants to leave a film picture by
    picture.
    """
    remember(
        selection=dataclasses.replace(visit().selection, parameters=merge(settings(), {parameter: value}))
    )


def _look_at(selection: Selection, problems: Sequence[str] = ()) -> None:
    remember(selection=selection, problems=tuple(problems), refusals=(), taken=0, stopped=frozenset())
    st.query_params.from_dict(query(selection, KNOWN))


def control(key: str, value: object) -> str:
    """Set the state of the widget that is about to be made, and return its key."""
    st.session_state[key] = value
    return key


def entry(key: str, *instead: object) -> Any:
    """What a person entered in the widget of that key, or something instead where there is none. For its callback."""
    return st.session_state.get(key, *instead) if instead else st.session_state[key]


def stop(key: Hashable) -> None:
    """Do not wait for that job any more, until the next choice."""
    remember(stopped=visit().stopped | {key})


def resume(key: Hashable) -> None:
    """Ask for a job again that was stopped."""
    remember(stopped=visit().stopped - {key})


def tell(problem: str) -> None:
    """Show a sentence until the next choice."""
    remember(problems=(*visit().problems, problem))


@contextmanager
def tell_refusal() -> Iterator[None]:
    """Show why what is tried inside was refused, until the next choice."""
    try:
        yield
    except UserError as refusal:
        tell(str(refusal))


def correct(selection: Selection, problems: Sequence[str]) -> None:
    """Put right what the address asked for and the network does not have, with a sentence for each."""
    _look_at(selection, problems=(*visit().problems, *problems))


def fall_back(problem: str) -> None:
    """Look at the default network and picture, after what was asked for could not be had.

    A checkpoint stays the one that is told about: more may have to be said of it.
    """
    asked = visit().selection.model
    if asked.startswith(SCHEME):
        remember(checkpoint=asked)
    start = dataclasses.replace(_start(), methods=visit().selection.methods)
    _look_at(start, problems=(*visit().problems, problem))


def owner() -> str:
    """Who this visitor is to the store of uploads: the person who signed in, where that is asked.

    Else it is the secret that Streamlit's XSRF cookie holds, the same in all tabs of a browser and after a reload. It
    is masked anew each time it is written: version, mask, masked secret and time, as Tornado writes them. No link
    carries it. Without the cookie it is the session.
    """
    if sign_in.is_required():
        person = sign_in.person()
        assert person is not None, "a page is made for those who signed in"
        return person.key
    cookie = st.context.cookies.get("_streamlit_xsrf", "").split("|")
    if len(cookie) != 4:
        return visit().token
    try:
        mask, masked = bytes.fromhex(cookie[1]), bytes.fromhex(cookie[2])
    except ValueError:
        return visit().token
    secret = bytes(byte ^ key for byte, key in zip(masked, itertools.cycle(mask), strict=False))
    return hashlib.sha256(secret).hexdigest() if secret else visit().token


def visitor() -> str:
    """Who takes turns with others at what is heavy; empty before this visit has begun."""
    return owner() if has_begun() else ""


def signature() -> str:
    """What a visitor's runs are signed with; empty where nobody is asked to sign in."""
    person = sign_in.person() if sign_in.is_required() else None
    return person.name if person else ""


def own_pictures() -> tuple[str, ...]:
    """Addresses of the visitor's own pictures that the server still holds, newest first."""
    return tuple(upload.address for upload in pictures.UPLOADS.of_owner(owner())[:MOST_UPLOADS])


def take_drop(addresses: Sequence[str], refusals: Sequence[str], *, look: bool = True) -> None:
    """Take in a drop of files: look at the first good one, or not, and say what was wrong with the others."""
    if addresses and look:
        choose(images=(addresses[0],), target=None, versus=None)
    taken = len(set(addresses)) if look else 0
    remember(refusals=tuple(refusals), taken=taken, drops=visit().drops + 1)


def end_drop(refusal: str = "") -> None:
    """Empty the drop zones, and say until the next choice why what was dropped could not be used."""
    remember(drops=visit().drops + 1, problems=(refusal,) if refusal else ())


def let_go(file_id: str) -> None:
    """Free the memory of a file that was taken in, which Streamlit would hold until the session ends."""
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(session_id=context.session_id, file_id=file_id)
    unclaimed.release(file_id)


def forget_uploads() -> None:
    """Let go of the visitor's own pictures, which deletes those that nobody else dropped."""
    for address in own_pictures():
        pictures.UPLOADS.forget(address, owner())
    selection = visit().selection
    images = tuple(image for image in selection.images if not pictures.is_dropped(image))
    choose(images=images or (KNOWN.model(selection.model),))


def own_checkpoints() -> tuple[Upload, ...]:
    """The visitor's own checkpoints that the server still holds, newest first, and the operator's."""
    return CHECKPOINTS.of_owner(owner())[:MOST_UPLOADS]


def take_checkpoint(address: str, *, known: bool) -> None:
    """Take in a checkpoint, and look at it where it is a network that is known."""
    remember(checkpoint=address, checkpoint_refusals=(), drops=visit().drops + 1)
    if known:
        choose_model(address)


def tell_of(address: str) -> None:
    """Open the place where more is said of a checkpoint."""
    remember(checkpoint=address)
    control("own", True)


def refuse_checkpoint(sentence: str) -> None:
    """Say why a checkpoint, or what was said of it, could not be used."""
    remember(checkpoint_refusals=(sentence,), drops=visit().drops + 1)


def forget_checkpoints() -> tuple[str, ...]:
    """Let go of the visitor's own checkpoints; addresses of those that are deleted, as nobody else dropped them."""
    before = {upload.address for upload in own_checkpoints()}
    gone = CHECKPOINTS.forget(owner())
    remember(checkpoint="", checkpoint_refusals=())
    # Also where another visitor's drop of the same file keeps it on the server; the operator's stay.
    if visit().selection.model.partition("@")[0] in before - {upload.address for upload in own_checkpoints()}:
        choose_model(zoo.DEFAULT)
    return gone
