"""The choices of an embedding: how pictures come to two axes, and what their colours mean."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from streamlit.delta_generator import DeltaGenerator

from dashboard import session
from dashboard.charts.activations import scatter
from dashboard.charts.palette import CLASSES
from dashboard.components import choice, say
from dashboard.inspection.embedding.layout import LAYOUTS, Layout, most_perplexity
from dashboard.parameters import COLOUR, MAP, PERPLEXITY, Option
from dashboard.results.embedding import Cloud
from dashboard.wording.embedding import class_name

PCA = "pca"
UMAP_NEIGHBOURS = 15
# What colours mean, by name in the address.
COLOURS = {"class": "Class", "answer": "Network's answer", "right": "Right or wrong"}


def option(parameter: Option, offered: Collection[str]) -> str:
    """The option of the address, or the first, with a sentence where there is no such one."""
    name = parameter.text(session.settings())
    if name is not None and name not in offered:
        say.warning(f"There is no {parameter.name} called {name!r}; choose one of {', '.join(offered)}.")
    return parameter.read(session.settings(), offered)


def pick_layout(of: Cloud, controls: DeltaGenerator) -> str:
    """The layout of the address, with its control."""
    way = option(MAP, [PCA, *LAYOUTS])
    reason = None if way == PCA else _reason(of, LAYOUTS[way])
    if reason is not None:
        say.note(f"{reason} PCA is shown.")
        way = PCA
    offered = {PCA: "PCA"} | {name: layout.title for name, layout in LAYOUTS.items() if layout.installed}
    with controls:
        choice.segments(
            "Two axes by",
            MAP,
            offered,
            current=way,
            text="PCA is instant, and its axes mean something. t-SNE keeps neighbours together and takes its time: "
            "about 20 s of a processor for 2,000 pictures.",
        )
    return way


def _reason(of: Cloud, layout: Layout) -> str | None:
    """Why these pictures cannot be laid out so, or None."""
    if not layout.installed:
        return layout.absent
    if len(of.features) < layout.fewest:
        return f"{layout.title} needs at least {layout.fewest} pictures, and here are {len(of.features)}."
    return None


def pick_number(of: Cloud, way: str, controls: DeltaGenerator) -> int:
    """The perplexity of t-SNE, bounded by the number of pictures; the number of neighbours of UMAP."""
    if way != "tsne":
        return min(UMAP_NEIGHBOURS, len(of.features) - 1)
    most = most_perplexity(len(of.features))
    least = min(PERPLEXITY.low, most)
    usual = min(PERPLEXITY.default, most)
    text, number = PERPLEXITY.text(session.settings()), PERPLEXITY.parse(session.settings())
    chosen = number if number is not None and least <= number <= most and text == str(number) else usual
    if text not in (None, str(chosen)):
        say.warning(
            f"With {len(of.features):,} pictures perplexity goes from {least} to {most:,}; {chosen} is used."
        )
    controls.number_input(
        "Perplexity",
        least,
        most,
        key=session.control("perplexity", chosen),
        on_change=lambda: session.choose_parameter(PERPLEXITY, session.entry("perplexity")),
        help="About how many neighbours each picture is kept close to.",
        width=160,
    )
    return chosen


def pick_colouring(of: Cloud, controls: DeltaGenerator) -> str:
    """What colours mean: of the address, with the control where there is a choice."""
    colour = option(COLOUR, COLOURS)
    if not of.features.labelled:
        if colour == "right":
            say.note("The classes of these pictures are not known; colours show the network's answers.")
        return "answer"
    with controls:
        choice.segments("Colour by", COLOUR, COLOURS, current=colour)
    return colour


def colour_groups(of: Cloud, colour: str) -> tuple[scatter.PointGroup, ...]:
    """The pictures by what colours mean.

    Args:
        of: the pictures.
        colour: of COLOURS.
    """
    features = of.features
    if colour == "right":
        wrong = np.flatnonzero(features.answers != features.labels)
        right = np.flatnonzero(features.answers == features.labels)
        return (
            scatter.PointGroup(f"right ({len(right):,})", right, CLASSES[0], "circle"),
            scatter.PointGroup(f"wrong ({len(wrong):,})", wrong, CLASSES[7], "x"),
        )
    kinds = features.labels if colour == "class" else features.answers
    return scatter.groups(
        kinds, {kind: class_name(of.view.prediction.classes, kind) for kind in set(kinds.tolist())}
    )
