"""Strategies: in how many ways a class is decided for, over a labelled set."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
import streamlit as st

from dashboard import session
from dashboard.charts import maps
from dashboard.charts.activations import scatter
from dashboard.components import example, figure, palette, say, tables
from dashboard.components.picture import show
from dashboard.components.wait import slot, wait, wait_unless_stopped
from dashboard.parameters import GROUPS
from dashboard.records.whatif import Strategies
from dashboard.results import evaluation
from dashboard.results import strategies as results
from dashboard.results.strategies import StrategySubject
from dashboard.view import View
from dashboard.wording import strategies as wording
from dashboard.wording.numbers import count, duration
from models.datasets.names import PHOTOS
from models.runtime.errors import UserError

WIDTH = 96
STRENGTH = 0.8


def draw(view: View) -> None:
    """The groups of the class's maps, or why there are none, with a network for which there are."""
    top = slot()
    try:
        subject = results.subject(view)
        reason = _refusal(view, subject)
        if reason or subject is None:
            top.header(say.plain(f"In how many ways {view.title} is decided for cannot be told here."))
            say.note(reason)
            if view.model.fits == PHOTOS:
                example.draw(view, _example)
            return
        found = wait_unless_stopped(results.strategies(subject, session.settings()))
        if found is None:
            return
        top.header(say.plain(wording.headline(view.model.title, view.title, found)))
        _groups(subject, found)
        _embedding(subject, found)
        _fine_print(subject, found)
    except UserError as refusal:  # a picture is gone, or nothing speaks for the class
        say.problem(str(refusal))


def _refusal(view: View, subject: StrategySubject | None) -> str:
    if subject is None:
        return (
            f"It takes labelled pictures of {view.title}, and there are none that fit {view.model.title}: name a "
            "folder with a subfolder for each class in VITRINE_IMAGES, or look at a small network, which brings its "
            "own."
        )
    return subject.refusal()


def _example(view: View) -> None:
    """The same of a network that brings its own pictures."""
    subject = results.subject(view)
    if subject is None or subject.refusal():
        return
    found = wait(results.strategies(subject, {}))
    st.header(say.plain(wording.headline(view.model.title, view.title, found)))
    _groups(subject, found)


def _embedding(subject: StrategySubject, found: Strategies) -> None:
    """Each picture as a point, near those with like maps."""
    pool = subject.labelled.pool
    figure.draw(
        scatter.scatter(
            found.places,
            scatter.groups(found.groups, {number: f"Group {number + 1}" for number in range(found.count)}),
            texts=[pool.items[place].title for place in found.pictures],
            photo=None,
            near=np.empty(0, int),
            axes=None,
            ink=palette.ink(),
        ),
        key=f"strategies-{subject.view.classifier.key.short}-{subject.view.target}-{found.count}",
        alt=f"{len(found.maps)} pictures as points, those with like maps near each other, in "
        f"{count(found.count, 'group')}",
        choose=lambda row: session.choose(images=(pool.items[int(found.pictures[int(row)])].address,)),
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input(
            "Groups",
            1,
            GROUPS.high,
            key=session.control(GROUPS.name, found.count),
            on_change=lambda: session.choose_parameter(GROUPS, session.entry(GROUPS.name)),
            help="As many as the eigenvalues speak for, unless you choose.",
            width=140,
        )
        st.caption(
            say.plain(
                f"The pictures of {subject.view.title} among {pool.title}. {wording.gap(found)} "
                f"{wording.silent(found)} Click a point to look at its picture."
            ),
            width="stretch",
        )


def _groups(subject: StrategySubject, found: Strategies) -> None:
    """The mean map of each group, and the pictures nearest to it."""
    view, pool = subject.view, subject.labelled.pool
    for number in range(found.count):
        rows = found.typical[number]
        places = [int(found.pictures[row]) for row in rows]
        crops = wait(evaluation.pictures(view.classifier, subject.labelled, places))
        st.markdown(f"**{say.plain(wording.group(found, number))}**")
        with st.container(horizontal=True, gap="small"):
            show(
                mean_map(found, number, crops),
                alt=f"Mean map of group {number + 1} over the mean of its pictures",
                width=WIDTH,
                caption="Mean map",
            )
            for place, crop in zip(places, crops, strict=True):
                show(maps.input_picture(crop), alt=pool.items[place].title, width=WIDTH)


def mean_map(found: Strategies, number: int, crops: Sequence[np.ndarray]) -> bytes:
    """A group's mean map over the mean of its nearest pictures, as PNG."""
    mean = found.means[number]
    under = np.mean(crops, axis=0).round().astype(np.uint8)
    return maps.cells(under, mean, limit=float(mean.max()), signed=False, strength=STRENGTH)


def _columns(subject: StrategySubject, found: Strategies) -> dict[str, Sequence[object]]:
    items = [subject.labelled.pool.items[place] for place in found.pictures]
    return {
        "picture": [item.title for item in items],
        "address": [item.address for item in items],
        "group": [int(number) + 1 for number in found.groups],
        "across": [f"{x:.4f}" for x in found.places[:, 0]],
        "up": [f"{y:.4f}" for y in found.places[:, 1]],
    }


def _fine_print(subject: StrategySubject, found: Strategies) -> None:
    name = f"strategies-{subject.view.classifier.key.short}"
    with st.container(horizontal=True):
        tables.take_away(
            _columns(subject, found), "strategies", "strategies-csv", of=subject.view.classifier.key
        )
        st.download_button(
            "npz",
            lambda: _numbers(found),
            f"{name}.npz",
            "application/octet-stream",
            key="strategies-npz",
            icon=":material/download:",
            on_click="ignore",
            help="maps (N, side, side), groups, means and eigenvalues.",
        )
    with st.expander("How this is measured", icon=":material/menu_book:"):
        st.markdown(
            "A map is the gradient of the class's logit times what the picture has beyond black; what speaks for the "
            "class is added up over 14 x 14 places and divided by its sum. Each map is joined with the eight most like "
            "it, and groups are those of the graph's Laplacian. A group is a way to decide, a way to draw the class, "
            "or both: look at what its pictures have in common. Points are laid out by t-SNE: who lies beside whom "
            "means something, distances between groups mean little."
        )
        st.markdown("[Lapuschkin et al. 2019, spectral relevance analysis](https://arxiv.org/abs/1902.10178)")
        st.caption(f"Compared in {duration(found.seconds)}.")


def _numbers(found: Strategies) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(
        file, maps=found.maps, groups=found.groups, means=found.means, eigenvalues=found.eigenvalues
    )
    return file.getvalue()
