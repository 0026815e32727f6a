"""Maps on a page, drawn side by side, each with its scale and its worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from dashboard import session
from dashboard.charts import maps
from dashboard.components import say
from dashboard.components.answer import doubts
from dashboard.components.picture import show
from dashboard.inspection.attribution import METHODS
from dashboard.inspection.attribution.method import Method
from dashboard.parameters import STRENGTH
from dashboard.records.attribution import Attribution
from dashboard.results.attribution import Map, attribution, request
from dashboard.view import View
from dashboard.wording.attribution import WORDS, limits, looked_for, measures
from dashboard.wording.contract import explained
from dashboard.wording.numbers import duration, three_digits

ICONS = {"clean": ":material/check_circle:", "marked": ":material/warning:", "refused": ":material/block:"}


@dataclass(frozen=True, eq=False)
class MapSubject:
    """What one column of maps explains.

    Attributes:
        view: network and picture.
        target: class index.
        versus: class index for "why target rather than versus", or None.
        title: of the column.
        together: class indices of those that are explained as one; empty means the target alone.
    """

    view: View
    target: int
    versus: int | None
    title: str
    together: tuple[int, ...] = ()


def subject(view: View) -> MapSubject:
    """The class that a view explains."""
    return MapSubject(view, view.target, None, view.title)


def map_of(method: Method, subject: MapSubject) -> Map:
    """A map with the settings and the layer of the address."""
    view = subject.view
    return attribution(view, method, request(view, method, subject.target, subject.versus, subject.together))


def draw(attribution: Attribution, subject: MapSubject, *, limit: float, strength: float, key: str) -> None:
    """One map over its photo, or the reason why there is none, with its scale, worth and time."""
    icon, word = ICONS[attribution.outcome.kind], WORDS[attribution.outcome.kind]
    if attribution.values is None:
        st.error(say.plain(f"{word}: {attribution.outcome.reason}"), icon=icon)
        return
    for doubt in doubts(subject.view):
        st.caption(f":material/warning: {say.plain(doubt.of_map)}")
    picture = maps.overlay(subject.view.seen.crop, attribution, limit=limit, strength=strength)
    ends = limits(attribution, limit)
    # Wider, two beside each other would not be whole on the first screen.
    with st.container(width=maps.SIDE):
        show(picture, alt=alternative(attribution, subject))
        show(maps.scale_bar(signed=attribution.signed), alt=f"Colour scale from {ends[0]} to {ends[1]}")
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            st.caption(ends[0], width="content")
            st.caption(ends[1], width="content")
    if attribution.outcome.kind == "marked":
        st.warning(say.plain(f"{word}: {attribution.outcome.reason}"), icon=icon)
    st.caption(
        " · ".join((f"{icon} {word}", duration(attribution.seconds), *map(say.plain, measures(attribution)))),
        help=looked_for(attribution),
    )
    _downloads(attribution, subject, picture, ends, key)


def draw_preview(attribution: Attribution, coarse: Map, whole: Map, *, strength: float) -> None:
    """A coarse map, said to be one, and how long the whole one takes at its pace; nothing where it is refused."""
    if attribution.values is None:
        return
    limit = maps.scale_limit([attribution])
    picture = maps.overlay(coarse.view.seen.crop, attribution, limit=limit, strength=strength)
    show(picture, alt=f"Preview of {whole.method.title}")
    # Until the network's pace is measured, a preview goes slower than it.
    known = whole.seconds
    seconds = attribution.seconds / coarse.pictures * whole.pictures if known is None else known
    most = "at most" if whole.method.adaptive or known is None else "about"
    st.caption(
        f":material/hourglass_top: Preview, coarse. The map takes {most} {duration(seconds)} and follows in its"
        " place."
    )


def alternative(attribution: Attribution, subject: MapSubject) -> str:
    """Alternative text of a map."""
    return f"{METHODS[attribution.method].title} for {subject.title} over {subject.view.picture.title}"


def _downloads(
    attribution: Attribution, subject: MapSubject, picture: bytes, ends: tuple[str, str], key: str
) -> None:
    view = subject.view
    name = f"{attribution.method}-{view.classifier.key.short}-{view.seen.digest[:8]}-{subject.target}"
    name += f"-any-{len(subject.together)}" if subject.together else ""
    lines = (
        f"{METHODS[attribution.method].title}, {subject.view.model.title}",
        f"{subject.title}, score {three_digits(attribution.explained)}",
    )
    with st.container(horizontal=True):
        st.download_button(
            "PNG",
            lambda: maps.sheet(picture, lines, ends, signed=attribution.signed),
            f"{name}.png",
            "image/png",
            key=f"png-{key}",
            icon=":material/download:",
            on_click="ignore",
            help="The map with its scale.",
        )
        st.download_button(
            "npz",
            lambda: maps.npz(attribution, subject.view.seen.crop),
            f"{name}.npz",
            "application/octet-stream",
            key=f"npz-{key}",
            icon=":material/download:",
            on_click="ignore",
            help="The numbers: values (H, W), raw as the method returned them, and the crop.",
        )


def fine_print(method: Method, attributions: Sequence[Attribution], view: View) -> None:
    """How to read a method's maps, its formula, paper and checks, one fold away."""
    with st.expander(f"How to read {method.title}", icon=":material/menu_book:"):
        st.markdown(method.reading)
        st.latex(method.formula)
        st.markdown(f"[{method.paper.citation}]({method.paper.link})")
        baselines = [attribution.baseline for attribution in attributions if attribution.baseline is not None]
        if baselines:
            show(
                maps.input_picture(baselines[0]),
                width=112,
                caption="Baseline",
                alt="The baseline of this map",
            )
        st.caption(
            f"Explained is {explained(view.classifier.contract)}. The colour scale ends at the "
            f"{maps.CLIP_PERCENTILE} th percentile of the map's sizes; one scale for all ends at the largest. "
            + "; ".join(
                f"method {duration(attribution.seconds)}, checks {duration(attribution.check_seconds)}"
                for attribution in attributions
            )
        )


def strength() -> float:
    """The overlay's strength from the address, in [0, 1]."""
    return STRENGTH.read(session.settings()) / 100
