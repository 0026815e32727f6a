"""Filters: a layer's kernels as pictures, pixel by pixel."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import session
from dashboard.charts.weights import filters as charts
from dashboard.components import say
from dashboard.components.picture import show
from dashboard.components.weights.subject import Subject, paged, picker, segments, summarised
from dashboard.inspection.weights.filters import WAYS, Fold, count, filters, fold_of, ways
from dashboard.inspection.weights.units import strengths
from dashboard.records.weights import TensorFacts
from dashboard.wording.numbers import significant

# The scale ends where this share of a tensor's sizes lies; few far ones must not turn the rest pale.
INSIDE = 0.995
# A unit whose weights are so much weaker than the usual unit's looks for nothing.
EMPTY = 0.01


def draw(subject: Subject, top: DeltaGenerator) -> None:
    """The view; its finding goes to the top."""
    found = summarised(subject)
    known = tuple(one.facts for one in found.tensors)
    weights = [one for one in known if one.role == "weight" and one.count]
    current = picker(subject, weights, "Layer")
    if current is None:
        top.header("No weight matrix and no convolution in here to be drawn as filters.")
        return
    tensor, summary = subject.weights.tensors[current.name], found.find(current.name)
    assert summary is not None
    fold = fold_of(current, known, _pixels(subject))
    if not summary.finite:
        top.header(say.plain(f"{current.layer}: not one of its {current.count:,} weights is a number."))
        return
    top.header(say.plain(finding(current, strengths(tensor).tolist(), fold)))
    offered = ways(current, fold)
    way = segments("Drawn", "filters", {name: WAYS[name].title for name in offered})
    number = _number(WAYS[way].needs, current)
    side = filters(tensor, way, number=number, fold=fold, behind=1).tiles[0].shape
    first, behind = paged("tiles", count(current, way), charts.fitting(side[0], side[1]), "Shown")
    limit = summary.histogram.sizes().quantile(INSIDE) or summary.largest or 1.0
    shown = filters(tensor, way, number=number, fold=fold, first=first, behind=behind)
    picture = charts.grid(shown, limit)
    show(picture, width="content", alt=f"{len(shown.labels)} tiles of {current.name}, {WAYS[way].title}")
    st.caption(say.plain(reading(way, current, limit)))
    st.download_button(
        "PNG",
        picture,
        "filters.png",
        "image/png",
        key="filters-png",
        icon=":material/download:",
        on_click="ignore",
        help="The picture with its scale.",
    )


def _pixels(subject: Subject) -> Fold | None:
    if subject.view is None:
        return None
    preprocessing = subject.view.classifier.preprocessing
    return (preprocessing.channels, *preprocessing.size)


def finding(facts: TensorFacts, norms: list[float], fold: Fold | None) -> str:
    """The sentence on top."""
    field = " x ".join(str(side) for side in facts.shape[2:])
    if fold is not None:
        kind = f"units that each weigh all {' x '.join(str(side) for side in fold)} pixels"
    elif field.strip("1 x"):
        kind = f"{'colour ' if facts.shape[1] == 3 else ''}filters of {field}"
    else:
        kind = f"units with {facts.shape[1]:,} inputs each"
    usual = sorted(norms)[len(norms) // 2]
    empty = sum(norm < EMPTY * usual for norm in norms) if usual > 0 else len(norms)
    strongest = max(range(len(norms)), key=norms.__getitem__)
    times = f", {significant(norms[strongest] / usual)} times the usual" if usual > 0 else ""
    emptiness = "none is empty" if not empty else f"{empty:,} {'is' if empty == 1 else 'are'} nearly empty"
    return (
        f"{facts.layer}: {facts.shape[0]:,} {kind}; {emptiness}, number {strongest} is the strongest{times}."
    )


def reading(way: str, facts: TensorFacts, limit: float) -> str:
    """How to read the picture."""
    end = significant(limit)
    scale = (
        f"Grey is 0 in all three colours; a colour's dark and bright ends are -{end} and {end}."
        if way == "colour" or (way == "images" and facts.shape[1] % 3 == 0 and facts.shape[1] > 3000)
        else f"Blue weighs for, orange against; the scale ends at {end}."
    )
    tiles = {
        "matrix": "A row is a unit and a column an input; the numbers are those of the units, then of the inputs.",
        "each": "The number is the unit's, with its input behind the colon where there are several.",
        "unit": "The number is the input's.",
    }.get(way, "The number is the unit's.")
    return f"{tiles} {scale} Few lie beyond it: {100 * (1 - INSIDE):.1g} % of this layer's weights at most."


def _number(needs: str, facts: TensorFacts) -> int:
    """The unit or the input whose kernels are shown, from the address."""
    if not needs:
        return 0
    most = facts.shape[0 if needs == "unit" else 1] - 1
    selection = session.visit().selection
    said = (selection.unit or 0) if needs == "unit" else session.number("input", 0)
    key = session.control(f"weights-{needs}", min(said, most))

    def changed() -> None:
        entered = session.entered(key)
        if needs == "unit":
            session.choose(unit=entered)
        else:
            session.choose_parameter("input", str(entered))

    st.number_input(f"{needs.capitalize()} (0 to {most:,})", 0, most, key=key, on_change=changed, width=200)
    return min(said, most)
