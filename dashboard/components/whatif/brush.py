"""Brush: paint parts of the picture over, and the answer moves at once."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Sequence

import numpy as np
import streamlit as st

from dashboard import pictures, session
from dashboard.charts import maps
from dashboard.components import answer, choice, say, tables
from dashboard.components.attribution import explain
from dashboard.components.picture import show
from dashboard.components.wait import slot, wait, wait_unless_stopped
from dashboard.components.whatif import board
from dashboard.inspection.attribution import METHODS
from dashboard.inspection.whatif import margin, regions
from dashboard.inspection.whatif.brush import as_seen, marked
from dashboard.parameters import FILL, MASK, ONLY, REGION, SUPERPIXELS
from dashboard.records.mask import write_cells
from dashboard.records.whatif import Repainted
from dashboard.results import attribution
from dashboard.results import whatif as results
from dashboard.results.whatif import Painting
from dashboard.view import View
from dashboard.wording import brush as wording
from dashboard.wording.answer import bar, figure, top_classes
from dashboard.wording.numbers import duration
from models.runtime.errors import UserError

AIMS = {"none": "Nothing", "keeps": "What suffices for it", "changes": "What it needs"}
# How large the map is beside what is said of it, in pixels.
MAP_WIDTH = 320


@st.fragment
def draw(view: View) -> None:
    """All of it runs by itself after a stroke, without the rest of the page."""
    painting, problem = results.painting(_with_second_photo(view), session.settings())
    if problem:
        say.warning(problem)
    try:
        cover = painting.cover()
    except UserError as refusal:
        say.problem(str(refusal))
        return
    headline = slot()
    left, right = st.columns(2, gap="large")
    with left:
        _board(painting, cover)
        _fill(painting)
    with right:
        answers = slot()
    repainted = wait(results.repainted(painting))
    headline.header(say.plain(_finding(painting, repainted)))
    with answers.container():
        _answers(painting, repainted)
    with right:
        _region(painting)
    _map(painting)
    _fine_print(painting, repainted)


def _with_second_photo(view: View) -> View:
    """The view with the second photo of now, which a stroke does not make anew."""
    images = (view.selection.image, *session.visit().selection.images[1:])
    return dataclasses.replace(view, selection=dataclasses.replace(view.selection, images=images))


def _finding(painting: Painting, repainted: Repainted) -> str:
    view = painting.view
    return wording.finding(
        view.model.title.partition(" (")[0],
        view.prediction,
        repainted.prediction,
        view.target,
        hidden=painting.hidden,
        only=painting.only,
        doubts=answer.doubts(view),
    )


def _board(painting: Painting, cover: np.ndarray) -> None:
    view, crop = painting.view, painting.view.seen.crop
    board.board(
        _picture(crop),
        _picture(as_seen(view.classifier, cover)),
        painting.cells,
        regions.cut(crop, painting.superpixels),
        size=(crop.shape[0], crop.shape[1]),
        only=painting.only,
        sharp=maps.is_small(crop),
        of=f"{view.seen.digest[:16]}-{painting.cells.shape}",
        alt=f"{view.picture.title}, to be painted over. Arrows move, with Shift by more, Space paints, Ctrl+Z undoes.",
        choose=lambda cells: session.choose_parameter(MASK, write_cells(cells) if cells.any() else None),
    )


def _picture(crop: np.ndarray) -> bytes:
    return maps.exact_pixels(crop) if maps.is_small(crop) else maps.photo(maps.enlarge(crop))


def _fill(painting: Painting) -> None:
    """What stands where the picture is hidden, and whether what is painted is kept instead."""
    view = painting.view
    choice.segments(
        "Fill",
        FILL,
        {name: wording.FILLS[name] for name in results.fills(view)},
        text="What the network reads where the picture is hidden. None of them is nothing: look at several.",
        unknown="There is no fill",
    )
    if painting.other:
        owner = session.owner()
        offered = [
            address
            for address in (*session.own_pictures(), *pictures.samples(view.model.fits))
            if address != view.selection.image
        ]
        choice.select(
            "Photo that stands there",
            offered,
            painting.other,
            lambda address: session.choose(images=(view.selection.image, address)),
            key="fill-photo",
            title=lambda address: pictures.find(address, owner).title,
        )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        choice.toggle("Keep only what is painted", ONLY)
        st.number_input(
            "Superpixels",
            SUPERPIXELS.low,
            SUPERPIXELS.high,
            key=session.control(SUPERPIXELS.name, painting.superpixels),
            on_change=lambda: session.choose_parameter(SUPERPIXELS, session.entry(SUPERPIXELS.name)),
            help="Patches of like colour (SLIC), for the tool of that name and for the search below.",
            width=140,
        )


def _answers(painting: Painting, repainted: Repainted) -> None:
    """The classes now, each with what it was before; the explained one bold."""
    view, now = painting.view, repainted.prediction
    before = view.prediction
    explained = before.winner if before.reading == "one of several" else view.target
    for index in dict.fromkeys((*top_classes(now, explained), view.target)):
        name, figures = wording.line(before, now, index)
        figures = figures if painting.hidden.any() else figure(now, index)
        label = say.plain(name)
        text = f"{f'**{label}**' if index == explained else label} · {figures}"
        length = bar(now, index)
        if length is None:
            st.markdown(text)
        else:
            st.progress(length, text=text)
    if not painting.cells.any():
        st.caption(
            "Paint on the picture: what you paint over is replaced by the fill, and the network answers what is left. "
            "The explained class is bold."
        )


def _region(painting: Painting) -> None:
    """The search for the smallest region that keeps the answer, or changes it."""
    view = painting.view
    st.subheader("What decides it")
    refused = margin.refusal(view.classifier.contract)
    if refused:
        say.note(refused)
        return
    choice.segments(
        "Search for",
        REGION,
        AIMS,
        hidden=True,
        text="A greedy search over the superpixels, with the fill above where the picture is hidden.",
        unknown="There is no region",
    )
    aim = results.aim(session.settings())
    if aim is None:
        st.caption(
            f"Searches the {painting.superpixels} superpixels for the fewest that keep the answer by themselves, or "
            "whose absence changes it."
        )
        return
    found = wait_unless_stopped(results.region(painting, aim))
    if found is None:
        return
    st.markdown(f"**{say.plain(wording.region(found, view.prediction, view.target, painting.fill))}**")
    st.markdown(say.plain(wording.region_worth(found, painting.fill)))
    with st.container(horizontal=True, vertical_alignment="center"):
        if len(found.chosen) and found.found:
            st.button(
                "Put it on the board",
                key="region-paint",
                icon=":material/brush:",
                on_click=session.choose_parameters,
                args=({MASK: write_cells(found.cells), ONLY: True if aim == "keeps" else None},),
                help="Paints the region, so that the answers above are those of it.",
            )
        st.caption(
            f"{found.passes:,} pictures shown to the network in {duration(found.seconds)}.", width="content"
        )


def _map(painting: Painting) -> None:
    """The map of the chosen method, and how much of what it marks is hidden."""
    view = painting.view
    method = attribution.methods(view)[0]
    st.subheader("What a map had said")
    choice.select(
        "Method",
        [name for name, other in METHODS.items() if other.refusal(view.survey) is None],
        method.name,
        lambda name: session.choose(methods=(name,)),
        key="brush-method",
        title=lambda name: METHODS[name].title,
        width=320,
    )
    subject = explain.subject(view)
    found = wait_unless_stopped(explain.map_of(method, subject))
    if found is None:
        return
    if found.values is None:
        say.warning(found.outcome.reason)
        return
    picture, words = st.columns(2, gap="large")
    with picture:
        limit = maps.scale_limit([found])
        show(
            maps.overlay(view.seen.crop, found, limit=limit, strength=explain.strength()),
            alt=explain.alternative(found, subject),
            width=MAP_WIDTH,
        )
    with words:
        said = marked(found.values, painting.cells)
        st.markdown(say.plain(wording.hint(said, method.title, view.title)))
        if found.outcome.kind == "marked":
            say.warning(found.outcome.reason)


def _fine_print(painting: Painting, repainted: Repainted) -> None:
    view = painting.view
    name = f"painted-{view.classifier.key.short}-{view.seen.digest[:8]}"
    with st.container(horizontal=True):
        st.download_button(
            "PNG",
            lambda: maps.exact_pixels(repainted.picture),
            f"{name}.png",
            "image/png",
            key="brush-png",
            icon=":material/download:",
            on_click="ignore",
            help="What the network read, pixel by pixel.",
        )
        st.download_button(
            "npz",
            lambda: _numbers(painting, repainted),
            f"{name}.npz",
            "application/octet-stream",
            key="brush-npz",
            icon=":material/download:",
            on_click="ignore",
            help="inputs (C, H, W) as the network read it, normalised; hidden (rows, columns); logits before, after.",
        )
        tables.take_away(_columns(painting, repainted), "painted", "brush-csv", of=view.classifier.key)
    rows, columns = painting.cells.shape
    with st.expander("How this is done", icon=":material/menu_book:"):
        st.markdown(
            f"The picture is cut into {rows} x {columns} cells, and where one is hidden the network reads the fill; it "
            "answers that picture in one pass, as it would any other. It learned from no photo with a hole: an answer "
            "that falls may be due to the hole. The search takes the superpixel that helps most, then the next, "
            "until it is enough, and then leaves out what is not needed. How much a map had marked counts what is "
            "positive in it."
        )


def _numbers(painting: Painting, repainted: Repainted) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(
        file,
        inputs=repainted.inputs,
        hidden=painting.hidden,
        before=painting.view.prediction.logits,
        after=repainted.prediction.logits,
    )
    return file.getvalue()


def _columns(painting: Painting, repainted: Repainted) -> dict[str, Sequence[object]]:
    before, after = painting.view.prediction, repainted.prediction
    ranked = after.ranking()
    return {
        "class": [after.classes[index] for index in ranked],
        "before": [f"{before.strength(index):.6f}" for index in ranked],
        "after": [f"{after.strength(index):.6f}" for index in ranked],
    }
