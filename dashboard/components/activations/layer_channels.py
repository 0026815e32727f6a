"""One layer: all its channels as one grid or its units as bars, and one of them enlarged over the photo."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from dashboard import session
from dashboard.charts import maps
from dashboard.charts.activations import bars, tiles
from dashboard.components import cards, choice, figure, key_figures, layers, say
from dashboard.components.activations import pools
from dashboard.components.attribution.explain import strength
from dashboard.components.key_figures import KeyFigure
from dashboard.components.picture import show
from dashboard.components.wait import wait, wait_or_end
from dashboard.parameters import OWN_SCALE, PAGE, SORT, VIEW, merge
from dashboard.records.activations import LayerMaps
from dashboard.records.network import LayerCall
from dashboard.results import activations as results
from dashboard.view import View
from dashboard.wording.activations import influence_source, layer_headline, noun, place_note
from dashboard.wording.numbers import colour_scale, three_digits

# How channels are ordered: name in the address -> title, and the number that decides, largest first.
SORTS: dict[str, tuple[str, Callable[[View, LayerMaps], np.ndarray]]] = {
    "strength": ("Strength", lambda view, channels: channels.strength),
    "influence": (
        "Influence on the class",
        lambda view, channels: np.abs(channels.influence_on(view.target)),
    ),
    "variance": (
        "Variance over the data",
        lambda view, channels: (
            wait_or_end(results.layer_over_data(view, channels.call, pools.pool(view))).output_std
        ),
    ),
    "index": ("Index", lambda view, channels: -np.arange(channels.channels)),
}


def draw(view: View, call: LayerCall) -> None:
    """All channels of a layer, and the chosen one."""
    channels = wait(results.layer_maps(view, call))
    st.header(say.plain(layer_headline(channels, view.target, view.title)))
    layers.picker(view, call.name)
    sort = _sort(scales=channels.spatial)
    order = np.argsort(-SORTS[sort][1](view, channels), kind="stable")
    unit = layers.unit(view, channels)
    shown, page = _page(order)
    many, single = st.columns([3, 2], gap="large")
    with many:
        (_grid if channels.spatial else _bars)(view, channels, shown, unit, page)
        cards.sheets(
            len(order), page, tiles.PER_PAGE, lambda sheet: session.choose_parameter(PAGE, sheet), "page"
        )
    with single:
        _channel(view, channels, unit)
    _fine_print(view, channels)


def _sort(*, scales: bool) -> str:
    """The order of the address, with its control, and that of the scale where there are maps."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        sort = choice.segments(
            "Order by",
            SORT,
            {name: title for name, (title, _) in SORTS.items()},
            resets=[PAGE],
            text="Strength: mean size of the values here. Influence: gradient times activation, added up over all "
            "places. Variance: over many pictures, of the layer's output.",
        )
        if scales:
            choice.toggle(
                "Each its own scale",
                OWN_SCALE,
                key="own-scale",
                text="One scale for all shows which channels are strong; a scale for each shows what weak ones see.",
            )
    return sort


def _page(order: np.ndarray) -> tuple[np.ndarray, int]:
    page = PAGE.read(session.settings(), high=(len(order) - 1) // tiles.PER_PAGE)
    return order[page * tiles.PER_PAGE : (page + 1) * tiles.PER_PAGE], page


def _grid(view: View, channels: LayerMaps, shown: np.ndarray, unit: int, page: int) -> None:
    chosen = channels.maps[shown]
    if OWN_SCALE.read(session.settings()):
        chosen, limit, signed = tiles.normalise(chosen)
        ends = "each its own"
    else:
        limit, signed = tiles.limit(channels.maps), tiles.is_signed(channels.maps)
        ends = colour_scale(channels.maps, limit, signed=signed)
    show(maps.scale_bar(signed=signed), width="stretch", alt=f"Colour scale, {ends}")
    st.caption(f"Scale: {ends}. Click a tile to enlarge it.")
    figure.draw(
        tiles.grid(chosen, shown, limit=limit, signed=signed, marked=unit, noun="Channel"),
        key=f"tiles-{channels.call.name}-{page}-{unit}",
        alt=f"{len(shown)} channels of {channels.call.name}, scale {ends}",
        choose=_choose_unit,
    )


def _bars(view: View, channels: LayerMaps, shown: np.ndarray, unit: int, page: int) -> None:
    figure.draw(
        bars.units(
            channels.maps[shown, 0, 0], shown, marked=unit, names=layers.class_names(view, channels.call)
        ),
        key=f"units-{channels.call.name}-{page}-{unit}",
        alt=f"Values of {len(shown)} units of {channels.call.name}",
        choose=_choose_unit,
    )
    scores = "Each unit gives the score of a class. " if layers.class_names(view, channels.call) else ""
    st.caption(f"{scores}Click a bar to look at its unit.")


def _choose_unit(unit: int) -> None:
    session.choose(unit=int(unit))


def _channel(view: View, channels: LayerMaps, unit: int) -> None:
    layers.unit_picker(channels, unit)
    values = channels.maps[unit]
    if channels.spatial and channels.call.layout is not None:
        limit, signed = tiles.limit(values[None]), tiles.is_signed(values[None])
        show(
            maps.cells(view.seen.crop, values, limit=limit, signed=signed, strength=strength()),
            width="stretch",
            alt=f"Channel {unit} of {channels.call.name} over {view.picture.title}",
        )
        show(maps.scale_bar(signed=signed), width="stretch", alt="Colour scale of this channel")
        st.caption(
            f"{colour_scale(values, limit, signed=signed)}, this channel's own scale; "
            f"{values.shape[0]} x {values.shape[1]} places."
        )
    elif channels.spatial:
        show(
            maps.png(
                tiles.mosaic(
                    values[None],
                    limit=tiles.limit(values[None]),
                    signed=tiles.is_signed(values[None]),
                    across=1,
                    side=maps.SIDE,
                )
            ),
            width="stretch",
            alt=f"Channel {unit} of {channels.call.name}, which is no grid over the picture",
        )
    if channels.spatial and (note := place_note(channels.call)):
        st.caption(note)
    influence = float(channels.influence_on(view.target)[unit])
    key_figures.draw(
        KeyFigure("Mean" if channels.spatial else "Value", three_digits(float(values.mean()))),
        KeyFigure("Largest", three_digits(float(values.max()))) if channels.spatial else None,
        KeyFigure(
            f"Adds to {say.plain(view.title)}",
            three_digits(influence) if channels.followed else "not known",
            influence_source(channels),
        ),
    )
    st.button(
        f"What excites this {noun(channels)}",
        icon=":material/search_insights:",
        on_click=session.choose,
        kwargs={
            "layer": channels.call.name,
            "unit": unit,
            "parameters": merge(session.settings(), {VIEW: "channel"}),
        },
    )


def _fine_print(view: View, channels: LayerMaps) -> None:
    with st.expander("How this is read", icon=":material/menu_book:"):
        st.markdown(
            "Each tile is the output of one channel at every place of the photo. **Influence** on a class is the "
            "gradient of its score times the activation, added up over all places: what the channel adds to the "
            "score, to first order."
        )
        st.latex(r"I_c = \sum_{p} \frac{\partial z_k}{\partial a_{c,p}}\, a_{c,p}")
        if not channels.followed:
            st.caption(influence_source(channels))
            return
        rest = float(channels.rest[int(np.flatnonzero(channels.classes == view.target)[0])])
        score = float(view.prediction.logits[view.target])
        st.caption(
            f"Added up over all {noun(channels)}s: {three_digits(score - rest)} of the score {three_digits(score)}; "
            f"the rest is {three_digits(rest)}. "
            + (
                "From this layer on the network is linear, so this is exact and the rest is a bias."
                if channels.exact
                else "From this layer on the network is not linear, so this holds for small changes only."
            )
        )
