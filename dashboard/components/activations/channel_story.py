"""One channel or unit over many pictures: what it reads, what excites it, what it adds."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dashboard import session
from dashboard.charts import maps
from dashboard.charts.activations import responses
from dashboard.components import cards, figure, layers, say
from dashboard.components.activations import pools
from dashboard.components.wait import wait, wait_or_end
from dashboard.inspection.passes.pool import Pool
from dashboard.parameters import MADE_FOR, VIEW, merge
from dashboard.records.activations import LayerMaps, LayerOverData, ReceptiveField
from dashboard.records.network import LayerCall
from dashboard.results import activations as results
from dashboard.view import View
from dashboard.wording.activations import FAVOURITES, channel_headline, influence_source, noun
from dashboard.wording.numbers import count, duration, percent, three_digits


def draw(view: View, call: LayerCall) -> None:
    """The story of the chosen channel."""
    channels = wait(results.layer_maps(view, call))
    finding = st.container()
    unit = layers.unit(view, channels)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        layers.picker(view, call.name)
        layers.unit_picker(channels, unit)
    st.button(
        "Draw what it looks for",
        icon=":material/brush:",
        on_click=session.choose,
        kwargs={
            "layer": call.name,
            "unit": unit,
            "parameters": merge(session.settings(), {MADE_FOR: None, VIEW: "looks_for"}),
        },
    )
    pictures = pools.pool(view)
    over = wait_or_end(results.layer_over_data(view, call, pictures))
    finding.header(say.plain(channel_headline(noun(channels), over, unit, pictures)))
    if pictures.few:
        say.note(f"{over.pictures} pictures: a hint, not a statistic.")
    pools.tell_omissions(pictures, over.pictures)
    if over.not_finite:
        say.warning(f"{over.not_finite:,} values are not finite; they count as zero.")
    left, right = st.columns(2, gap="large")
    with left:
        _inputs(channels, over, unit, pictures)
    with right:
        _class_effects(view, channels, unit)
    field = wait(results.receptive_field(view, call))
    _pictures("Excite it most", "most", view, pictures, over, unit, field)
    _pictures("Excite it least", "least", view, pictures, over, unit, field)
    _fine_print(over, field, pictures)


def _inputs(channels: LayerMaps, over: LayerOverData, unit: int, pictures: Pool) -> None:
    st.subheader("What it reads, and its activation function" if over.curve else "Its values")
    off = None if over.off is None else float(over.off[unit])
    figure.draw(
        responses.against_curve(over.counts[unit], over.edges(unit), over.curve, unit, off),
        key="against-curve",
        alt=f"Histogram of what {noun(channels)} {unit} reads"
        + (f" with the curve of {over.curve.title}" if over.curve else ""),
    )
    if over.curve is None:
        st.caption(
            "No activation function is applied to this layer's output by itself, so these are its outputs."
        )
        return
    st.caption(
        f"Bars, left axis: how often it reads a value. Line, right axis: what {over.curve.title} makes of it. Zero of "
        "both is on one line."
    )
    st.latex(rf"a = \mathrm{{{over.curve.title}}}(z) = {over.curve.formula}")
    if off is not None:
        st.caption(f"Off for {percent(off)} of the values: there, {over.curve.off_means}.")
    if over.full is not None:
        st.caption(f"At its upper end for {percent(float(over.full[unit]))} of the values.")


def _class_effects(view: View, channels: LayerMaps, unit: int) -> None:
    st.subheader("What it adds to which class, here")
    if not channels.followed:
        st.caption(influence_source(channels))
        return
    order = np.argsort(-channels.influence[:, unit], kind="stable")
    names = [view.prediction.classes[int(channels.classes[at])] for at in order]
    figure.draw(
        responses.effects(names, channels.influence[order, unit]),
        key="effects",
        alt=f"What {noun(channels)} {unit} adds to the scores of {len(names)} classes",
    )
    among = (
        ""
        if len(names) == len(view.prediction.classes)
        else f" Of {len(view.prediction.classes):,} classes these are "
    )
    among += "the most probable ones." if among else ""
    st.caption(
        (
            "Weight times activation: the network is linear from here on, so this is exactly what it adds to each "
            "score on this photo."
            if channels.exact
            else "Gradient times activation on this photo: to first order, what it adds to each score."
        )
        + among
    )


def _pictures(
    title: str, end: str, view: View, pictures: Pool, over: LayerOverData, unit: int, field: ReceptiveField
) -> None:
    indices = getattr(over, end)[unit][:FAVOURITES]
    present = indices >= 0
    values = getattr(over, f"{end}_values")[unit][:FAVOURITES][present]
    places = getattr(over, f"{end}_places")[unit][:FAVOURITES][present]
    chosen = [int(index) for index in indices[present]]
    st.subheader(title)
    if not field.whole:
        top, left, bottom, right = field.box
        st.caption(
            f"Each is cut to what its strongest place sees, at most {bottom - top} x {right - left} pixels; beyond the "
            "picture's edge it is grey."
        )
    parts = wait(results.excerpts(view, pictures, chosen, [int(place) for place in places], field))
    with st.container(horizontal=True, gap="small", key=end):
        for number, (index, value, part) in enumerate(zip(chosen, values, parts, strict=True)):
            item, label = pictures.items[index], pictures.label(index)
            excited = three_digits(float(value))
            cards.card(
                maps.input_picture(part),
                [item.title, f"{label}: {excited}" if label else excited],
                address=item.address,
                alt=f"{item.title}, {excited}",
                key=f"{end}-{number}",
            )


def _fine_print(over: LayerOverData, field: ReceptiveField, pictures: Pool) -> None:
    top, left, bottom, right = field.box
    seen = (
        "each place sees all of the picture, so nothing is cut"
        if field.whole
        else f"each is cut to what its strongest place sees, at most {bottom - top} x {right - left} pixels"
    )
    with st.expander("How this is measured", icon=":material/menu_book:"):
        st.caption(
            say.plain(
                f"Over {pictures.title}, {count(over.places, 'place')} each, in {duration(over.seconds)}. Pictures are "
                f"ranked by their largest value; {seen}, found by the gradient of a place in the middle with "
                "activation functions left out."
            )
        )
