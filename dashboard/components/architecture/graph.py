"""The network as a drawing: a click opens a block, or chooses a layer on every page."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from dashboard import cache, pictures, session
from dashboard.charts.architecture.boxes import GraphStyle
from dashboard.charts.architecture.graph import graph, pixels_below_top
from dashboard.components import figure, script
from dashboard.components.architecture.unfolding import open_names, toggle
from dashboard.components.figure import FIXED
from dashboard.components.palette import categories, ink
from dashboard.parameters import BARS, DEPTH, OPEN
from dashboard.records import blocks
from dashboard.records.architecture import Architecture
from dashboard.view import View
from dashboard.wording.architecture import Ledger

TIMED = "Time"
# Drawings taller than this many pixels scroll in a window of their own, so that the formula stays beside them; the
# chosen layer is scrolled to.
TALL, WINDOW = 1200, 760
# What the bars can show -> what their shares are of.
MEASURES = {
    "Parameters": "all parameters",
    "FLOPs": "all FLOPs",
    "Activations": "all activations",
    TIMED: "the time",
}


def trace(view: View) -> Architecture:
    """The calls of a network, found with the picture that it starts with, as its survey is."""
    return cache.architecture(view.classifier, pictures.start(view.model.fits))


def draw(view: View, ledger: Ledger) -> None:
    """The drawing, how deep it is unfolded, and what the bars in its boxes show."""
    architecture = ledger.architecture
    depth = DEPTH.read(view.selection.parameters, high=blocks.max_depth(architecture))
    clicked = OPEN.text(view.selection.parameters) or ""
    open_blocks = open_names(architecture, depth=depth, clicked=clicked, chosen=view.selection.layer)
    box = blocks.nested_boxes(architecture, open_blocks)
    with st.container(horizontal=True):
        _depth(architecture, depth)
        measure = _measure()
    shares = ledger.shares().get(measure)
    style = GraphStyle(
        palette=categories(),
        ink=ink(),
        chosen=view.selection.layer,
        shares=None
        if shares is None
        else dict(zip((call.name for call in ledger.rows), shares, strict=True)),
        measure=MEASURES[measure],
    )
    # A name of its own for each state: a chart that stays would keep its last click as a selection.
    key = f"graph-{hash((view.model.identity, open_blocks, view.selection.layer, measure)) & 0xFFFFFFFF:x}"
    drawing = graph(architecture, box, style)
    tall = drawing.layout.height > TALL
    window: int | Literal["content"] = WINDOW if tall else "content"
    around = st.container(height=window, border=tall, key="drawing")
    figure.draw(
        drawing,
        key=key,
        alt=f"The layers of {view.model.title} from the photo to its classes",
        config=FIXED,
        choose=lambda box: _choose(view, architecture, open_blocks, str(box)),
        place=around,
    )
    layer = view.selection.layer
    if tall and layer is not None and (y := pixels_below_top(drawing, layer)) is not None:
        with around:
            script.scroll_to(f"{view.model.name} {layer}", y, drawing.layout.height)


def _depth(architecture: Architecture, depth: int) -> None:
    deepest = blocks.max_depth(architecture)
    if not deepest:
        return
    st.segmented_control(
        "Unfolded",
        range(deepest + 1),
        format_func=lambda level: "Overview" if level == 0 else f"{level} deeper",
        key=session.control(DEPTH.name, depth),
        on_change=lambda: session.choose_parameters({DEPTH: session.entry(DEPTH.name) or None, OPEN: None}),
        required=True,
        help="How many levels of blocks are open. A click on a block opens or folds that one alone.",
    )


def needs_times() -> bool:
    """Whether the drawing needs the times of the layers."""
    return _current_measure() == TIMED


def _current_measure() -> str:
    """What the bars show, from the address."""
    wanted = BARS.text(session.settings())
    return next((name for name in MEASURES if name.lower() == wanted), next(iter(MEASURES)))


def _measure() -> str:
    """The choice of what the bars show."""
    measure = _current_measure()
    st.segmented_control(
        "Bars show the share of",
        list(MEASURES),
        key=session.control(BARS.name, measure),
        on_change=lambda: session.choose_parameter(BARS, session.entry(BARS.name).lower()),
        required=True,
        help="The bar at the foot of each box, next to the longest that is seen.",
    )
    return measure


def _choose(view: View, architecture: Architecture, open_blocks: frozenset[str], box: str) -> None:
    """Choose a layer or toggle a block, by what its box in the drawing carries."""
    deed, _, name = box.partition(":")
    if deed == "layer" and view.survey.find(name) is not None:
        session.choose(layer=name, unit=None)
    if deed == "block":
        _toggle(view, architecture, open_blocks, name)


def _toggle(view: View, architecture: Architecture, open_blocks: frozenset[str], block: str) -> None:
    chosen = view.selection.layer
    inside = chosen is not None and block in blocks.blocks_around(architecture, chosen)
    if block in open_blocks and inside:
        # What is chosen is always seen: folding the block around it chooses the block.
        session.choose(layer=block if view.survey.find(block) is not None else None, unit=None)
    depth = DEPTH.read(view.selection.parameters, high=blocks.max_depth(architecture))
    clicked = OPEN.text(view.selection.parameters) or ""
    before = open_names(architecture, depth=depth, clicked=clicked, chosen=None)
    if (block in before) == (block in open_blocks):
        session.choose_parameter(OPEN, toggle(architecture, clicked, block))
