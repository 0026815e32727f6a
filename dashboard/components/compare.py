"""The one way to compare, above every page that can: with another network, class, photo or run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, TypeVar

import streamlit as st

from dashboard import pictures, runs, session
from dashboard.components import checkpoints, choice
from dashboard.parameters import ASPECT, OTHER_TENSORS, SEE, SHEET, TENSORS, merge
from dashboard.selection import Selection
from dashboard.view import View
from models.networks import find_network, on_board
from models.photos.uploads import SCHEME
from models.training import as_networks as trained
from models.training import runs as own_runs
from models.training.runs import Run
from models.zoo.entry import Model

T = TypeVar("T", int, str)
NOTHING = "None"
# Beyond this many curves nobody tells them apart.
MOST_RUNS = 6
# The name in the address of a page's view that compares.
COMPARING = "against"


def box(path: str, view: View) -> None:
    """Where it is chosen what stands beside what is looked at; nothing on a page that shows one thing alone.

    Args:
        path: of the page.
        view: what is looked at.
    """
    pickers = PICKERS.get(path, ())
    if not pickers:
        return
    opened = st.popover("Compare", icon=":material/compare:", key="compare", on_change="rerun")
    if opened.open:
        with opened:
            for pick in pickers:
                pick(view)


def networks(view: View) -> list[str]:
    """Other networks for the same pictures, the closest first: checkpoints of the same run, then one's own."""
    model = view.model
    run = _run_of(model.name)
    same = [] if run is None else [trained.address(run, checkpoint) for checkpoint in run.checkpoints().all]
    others = (*checkpoints.names(model.name), *trained.best_addresses(), *on_board(model.reads))
    fitting = [name for name in others if find_network(name).fits == model.fits]
    return [
        name for name in dict.fromkeys((*same, *fitting)) if find_network(name).identity != model.identity
    ]


def first_network(view: View) -> str | None:
    """What a network is compared with until a person chooses: the closest that is trained; None where there is none."""
    return next((name for name in networks(view) if find_network(name).trained), None)


def relatives(model: Model) -> list[str]:
    """Networks whose weights may have the same names: checkpoints of the same run, and the same architecture."""
    run = _run_of(model.name)
    own = [] if run is None else [trained.address(run, checkpoint) for checkpoint in run.checkpoints().all]
    kind = architecture(model.title) if run is None else trained.architecture(model.name)
    others = [name for name in on_board(model.reads) if architecture(find_network(name).title) == kind]
    same = [name for name in trained.best_addresses(model.reads) if trained.architecture(name) == kind]
    return [name for name in (*own, *others, *same) if find_network(name).identity != model.identity]


def architecture(title: str) -> str:
    """What a network's title says before its data or file."""
    return title.partition(" (")[0].partition(", checkpoint ")[0]


def weights_beside(selection: Selection) -> str | None:
    """Whose weights are compared with, an address or that of a file; the closest relative where none is chosen."""
    digest = OTHER_TENSORS.text(selection.parameters)
    if digest:
        return SCHEME + digest
    if selection.against or TENSORS.text(selection.parameters) is not None:
        return selection.against
    return next(iter(relatives(find_network(selection.model))), None)


def _run_of(name: str) -> Run | None:
    return (
        own_runs.find(name.removeprefix(trained.PREFIX).partition("@")[0]) if trained.PREFIX in name else None
    )


def _titles(view: View, names: Collection[str]) -> dict[str, str]:
    own = checkpoints.names(view.model.name)
    return {name: own.get(name) or find_network(name).title for name in names}


def _network(view: View) -> None:
    titles = _titles(view, networks(view))
    _pick(
        "Second network",
        "against",
        titles,
        view.selection.against,
        titles.__getitem__,
        lambda name: session.choose(against=name),
        "The same photo in another network.",
    )


def _evaluated_network(view: View) -> None:
    chosen = view.selection.against
    # Where nothing is chosen, the view that compares takes the closest.
    beside = chosen or (first_network(view) if SEE.text(view.selection.parameters) == COMPARING else None)
    titles = _titles(view, dict.fromkeys((*networks(view), *([chosen] if chosen else []))))
    _pick(
        "Second network",
        "against",
        list(titles),
        beside,
        titles.__getitem__,
        lambda name: session.choose(
            against=name, parameters=merge(session.settings(), {SEE: COMPARING, SHEET: None})
        ),
        "The network before: fixed and broken are counted from it to the one that is looked at.",
    )


def _weights(view: View) -> None:
    """Another network, a checkpoint, or a file of the visitor's, whose tensors may have the same names."""
    looked_at = TENSORS.text(view.selection.parameters)
    here = SCHEME + looked_at if looked_at else view.model.name.partition("@")[0]
    files = {upload.address: upload.name for upload in session.own_checkpoints() if upload.address != here}
    current = weights_beside(view.selection)
    close = [] if looked_at else relatives(view.model)
    others = (*([current] if current else []), *trained.best_addresses(), *on_board(view.model.reads))
    names = [
        name for name in (*close, *others) if name not in files and (looked_at or name != view.model.name)
    ]
    titles = {name: find_network(name).title for name in dict.fromkeys(names)}
    _pick(
        "Second network or file",
        "against",
        [
            *(name for name in titles if name in close),
            *files,
            *(name for name in titles if name not in close),
        ],
        current if ASPECT.text(view.selection.parameters) == COMPARING else view.selection.against,
        (titles | files).__getitem__,
        lambda name: _compare_weights(name, files),
        "The weights before: changes are counted from these to those that are looked at. Drop a file of your own "
        "under Your checkpoint in the sidebar, and it is in this list.",
    )


def _compare_weights(name: str | None, files: Collection[str]) -> None:
    file = name.removeprefix(SCHEME) if name is not None and name in files else None
    session.choose(
        against=None if file else name,
        parameters=merge(session.settings(), {OTHER_TENSORS: file, ASPECT: COMPARING}),
    )


def _class(view: View) -> None:
    prediction = view.prediction
    _pick(
        "Second class",
        "versus",
        [index for index in prediction.ranking() if index != view.target],
        view.selection.versus,
        prediction.classes.__getitem__,
        lambda index: session.choose(versus=index),
        "Why the chosen class rather than this one: the map of the difference of their scores, and both maps.",
    )


def _photo(view: View) -> None:
    selection, owner = view.selection, session.owner()
    offered = (*session.own_pictures(), *pictures.samples(view.model.fits))
    _pick(
        "Second photo",
        "second-image",
        [image for image in offered if image != selection.image],
        next(iter(selection.images[1:]), None),
        lambda image: pictures.find(image, owner).title,
        lambda image: session.choose(images=(selection.image, *([image] if image else []))),
        "The same methods on another photo.",
    )


def _runs(_: View) -> None:
    """Runs whose curves lie over each other; those that are ticked in the table."""
    listed = (*own_runs.listing().runs, *own_runs.examples())
    sources = (*map(runs.source_of, listed), *runs.find_logs())
    titles = {source.name: source.title for source in sources}
    chosen = session.visit().selection.runs or runs.default_names()
    st.multiselect(
        "Runs",
        list(dict.fromkeys((*chosen, *titles))),
        format_func=lambda name: titles.get(name) or runs.find_source(name).title,
        key=session.control("compared-runs", list(chosen)),
        max_selections=MOST_RUNS,
        on_change=lambda: session.choose(runs=tuple(session.entry("compared-runs"))),
        help="Their curves lie over each other; the first is the one that the page is about.",
    )


def _pick(
    label: str,
    key: str,
    options: Collection[T],
    chosen: T | None,
    title: Callable[[T], str],
    choose: Callable[[T | None], Any],
    text: str,
) -> None:
    """A select box in which nothing may be chosen."""
    choice.select(
        label,
        list(options),
        chosen,
        choose,
        key=f"compare-{key}",
        title=title,
        text=text,
        placeholder=NOTHING,
        optional=True,
    )


# Path of a page -> what it can set side by side.
PICKERS: dict[str, Sequence[Callable[[View], None]]] = {
    "training": (_runs,),
    "weights": (_weights,),
    "evaluation": (_evaluated_network,),
    "attribution": (_network, _class, _photo),
}
