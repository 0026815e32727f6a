"""Filters: a layer's kernels as pictures, pixel by pixel."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import session
from dashboard.charts.weights import filters as charts
from dashboard.components import say
from dashboard.components.picture import show
from dashboard.components.weights.subject import (
    WeightsSubject,
    page_bounds,
    segments,
    summarise,
    tensor_picker,
)
from dashboard.inspection.weights.filters import WAYS, Fold, count, filters, fold_of, ways
from dashboard.inspection.weights.units import unit_norms
from dashboard.parameters import FILTERS, INPUT, TILES
from dashboard.records.weights import TensorFacts
from dashboard.wording.weights import filters_headline, filters_reading

# The scale ends where this share of a tensor's sizes lies; few far ones must not turn the rest pale.
INSIDE = 0.995


def draw(subject: WeightsSubject, top: DeltaGenerator) -> None:
    """The view; its finding goes to the top."""
    distributions = summarise(subject)
    known = tuple(summary.facts for summary in distributions.tensors)
    weights = [facts for facts in known if facts.role == "weight" and facts.count]
    choices = st.container(horizontal=True, vertical_alignment="bottom")
    with choices:
        current = tensor_picker(subject, weights, "Layer")
    if current is None:
        top.header("No weight matrix and no convolution in here to be drawn as filters.")
        return
    tensor, summary = subject.weights.tensors[current.name], distributions.find(current.name)
    assert summary is not None
    fold = fold_of(current, known, _pixels(subject))
    if not summary.finite:
        top.header(say.plain(f"{current.layer}: not one of its {current.count:,} weights is a number."))
        return
    top.header(say.plain(filters_headline(current, unit_norms(tensor).tolist(), fold)))
    with choices:
        way = segments("Drawn", FILTERS, {name: WAYS[name].title for name in ways(current, fold)})
        number = _number(WAYS[way].needs, current)
    side = filters(tensor, way, number=number, fold=fold, behind=1).tiles[0].shape
    first, behind = page_bounds(TILES, count(current, way), charts.tiles_per_page(side[0], side[1]), "Shown")
    limit = summary.histogram.sizes().quantile(INSIDE) or summary.largest or 1.0
    tiles = filters(tensor, way, number=number, fold=fold, first=first, behind=behind)
    picture = charts.grid(tiles, limit)
    show(picture, width="content", alt=f"{len(tiles.labels)} tiles of {current.name}, {WAYS[way].title}")
    st.caption(say.plain(filters_reading(way, current, limit, 1 - INSIDE)))
    st.download_button(
        "PNG",
        picture,
        f"filters-{subject.of.key.short}.png",
        "image/png",
        key="filters-png",
        icon=":material/download:",
        on_click="ignore",
        help="The picture with its scale.",
    )


def _pixels(subject: WeightsSubject) -> Fold | None:
    if subject.view is None:
        return None
    preprocessing = subject.view.classifier.preprocessing
    return (preprocessing.channels, *preprocessing.size)


def _number(needs: str, facts: TensorFacts) -> int:
    """The unit or the input whose kernels are shown, from the address."""
    if not needs:
        return 0
    most = facts.shape[0 if needs == "unit" else 1] - 1
    wanted = (session.visit().selection.unit or 0) if needs == "unit" else INPUT.read(session.settings())
    key = session.control(f"weights-{needs}", min(wanted, most))

    def choose() -> None:
        entered = session.entry(key)
        if needs == "unit":
            session.choose(unit=entered)
        else:
            session.choose_parameter(INPUT, entered)

    st.number_input(f"{needs.capitalize()} (0 to {most:,})", 0, most, key=key, on_change=choose, width=200)
    return min(wanted, most)
