"""The sidebar, the same on every page: network, picture, class."""

from __future__ import annotations

import base64
import html

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import cache, pictures, session
from dashboard.charts import maps
from dashboard.components import (
    checkpoints,
    choice,
    compare,
    door,
    glossary,
    network_box,
    other_kind,
    photos,
    say,
    script,
    tour,
)
from dashboard.components.look import find_entry, look
from dashboard.components.picture import show
from dashboard.components.report import link
from dashboard.navigation import find_page
from dashboard.parameters import DIGIT
from dashboard.view import View, may_be_digit
from dashboard.wording.answer import figure, terms
from dashboard.wording.contract import cautions
from models import zoo
from models.datasets.names import PHOTOS
from models.kinds import PICTURES
from models.runtime.errors import UserError
from models.training import runs
from models.training.runs import trash

FOLLOW = "follow"


def draw(top: DeltaGenerator, path: str) -> bool:
    """Read what is looked at, draw the sidebar and the way to the report, and say what could not be used.

    Args:
        top: a row above the page.
        path: of the page.

    Returns:
        Whether the page looks at such networks; else what stands in its place is drawn.
    """
    # Before the first address is read, which may name what the operator brought; later the address comes first: the
    # browser puts a page without one into its history if it has to wait.
    problems = () if session.has_begun() else checkpoints.read_named()
    trash.empty_once(runs.root())
    if session.begin():
        script.step_back()
    for sentence in problems:
        session.tell(sentence)
    page = find_page(path)
    entry = find_entry(session.visit().selection, page.reads)
    if entry.reads != PICTURES:
        return other_kind.draw(top, page, entry)
    view = _view()
    if view.problems:
        session.correct(view.selection, view.problems)
    with st.sidebar:
        _model(view)
        _picture(view)
        _target(view)
        glossary.box()
        door.leave()
    glossary.underline()
    st.set_page_config(page_title=f"{page.title}: {view.picture.title} - Vitrine")
    with top:
        _looked_at(view)
        # Together, however long the words beside them are.
        with st.container(horizontal=True, width="content"):
            compare.box(path, view)
            tour.button(path)
            link.present_button(path)
            link.button(path)
    tour.draw(path)
    say.warning(*session.visit().problems, *cautions(view.classifier.contract))
    if view.digit and DIGIT.text(view.selection.parameters) is None:
        st.caption(
            ":material/info: The photo looks like a digit on paper, so it was turned into one as MNIST's were. A "
            "switch in the sidebar shows it as it is."
        )
    photos.outcome()
    return True


def _view() -> View:
    """The view of the selection, or of the default where what was asked for cannot be had."""
    try:
        return look(session.visit().selection)
    except UserError as refusal:
        session.fall_back(str(refusal))
    return look(session.visit().selection)


def _looked_at(view: View) -> None:
    """Network and photo in a line, which is seen where the sidebar is folded away, as on a phone."""
    small = cache.small(view.classifier, view.selection.image, view.digit)
    kind = ' class="pixels"' if maps.is_small(view.seen.crop) else ""
    named = f"{view.model.title}: {view.picture.title}"
    with st.container(key="looked-at"):
        st.html(
            f'<div class="looked-at"><img{kind} src="data:image/png;base64,{base64.b64encode(small).decode()}" '
            f'alt="{html.escape(view.picture.title)}">'
            f"<span>{html.escape(named)}</span></div>"
        )


def _model(view: View) -> None:
    selection = view.selection
    network_box.draw(view.model, checkpoints.names(selection.model))
    more = st.popover(
        "More networks", icon=":material/search:", key="more", on_change="rerun", width="stretch"
    )
    if more.open:
        with more:
            _catalogue(selection.model)
    checkpoints.picker(view.classifier)


def _catalogue(current: str) -> None:
    source = st.segmented_control(
        "Library", list(zoo.SOURCES), default=next(iter(zoo.SOURCES)), key="library", required=True
    )
    with st.spinner(f"Listing the networks of {source}"):
        names = zoo.SOURCES[source].names()
    choice.select(
        f"{len(names):,} networks: type to find one",
        names,
        current if current in names else None,
        session.choose_model,
        key=f"catalogue-{source}",
        title=lambda name: name.partition("/")[2],
        placeholder="resnet50, vit, convnext ...",
        text="Weights are fetched once, on first use, and kept in the library's usual cache.",
    )


def _picture(view: View) -> None:
    selection, fits, owner = view.selection, view.model.fits, session.owner()
    offered = [*session.own_pictures(), *pictures.samples(fits)]
    if fits != PHOTOS:
        offered += pictures.samples(PHOTOS)
    choice.select(
        "Photo",
        offered,
        selection.image,
        lambda address: session.choose(images=(address, *selection.images[1:])),
        key="image",
        title=lambda address: pictures.find(address, owner).title,
        text="Your own photos come first once you dropped some.",
        whole=True,
    )
    show(
        cache.small(view.classifier, selection.image, view.digit),
        alt=view.picture.title,
        caption=say.plain(view.picture.credit) or None,
    )
    photos.intake(view)
    if may_be_digit(view.model, view.picture):
        choice.toggle(
            "Turn the photo into a digit",
            DIGIT,
            text="Grey, inverted if dark on light, cut out, scaled to 20 pixels and centred by mass, as MNIST's were.",
            default=view.digit if DIGIT.text(selection.parameters) is None else False,
        )


def _target(view: View) -> None:
    prediction = view.prediction
    ranked = prediction.ranking()
    rest = sorted(ranked[5:], key=lambda index: prediction.classes[index].lower())
    offered: list[int | str] = [FOLLOW, *ranked[:5], *rest]
    choice.select(
        terms(prediction).one.capitalize(),
        offered,
        FOLLOW if view.selection.target is None else view.selection.target,
        lambda index: session.choose(target=None if isinstance(index, str) else index),
        key="target",
        title=lambda index: _class_title(view, index),
        text="What is explained. It follows the prediction until you pin a class; type to find any other.",
        whole=True,
    )


def _class_title(view: View, index: int | str) -> str:
    if isinstance(index, str):
        return f"Prediction: {view.prediction.classes[view.prediction.winner]}"
    return f"{view.prediction.classes[index]} ({figure(view.prediction, index)})"
