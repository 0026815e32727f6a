"""One layer: all its channels as one grid or its units as bars, and one of them enlarged over the photo."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from dashboard import session
from dashboard.charts import maps
from dashboard.charts.activations import bars, tiles
from dashboard.components import cards, choice, figure, layers, say
from dashboard.components.activations import pools
from dashboard.components.attribution.explain import strength
from dashboard.components.picture import show
from dashboard.components.wait import wait, wait_or_end
from dashboard.parameters import OWN_SCALE, PAGE, SORT, VIEW, merge
from dashboard.records.activations import LayerMaps
from dashboard.records.network import LayerCall
from dashboard.results import activations as results
from dashboard.view import View
from dashboard.wording.activations import layer_headline, noun
from dashboard.wording.numbers import three_digits

# How channels are ordered: name in the address -> title, and the number that decides, largest first.
SORTS: dict[str, tuple[str, Callable[[View, LayerMaps], np.ndarray]]] = {
    "strength": ("Strength", lambda view, found: found.strength),
    "influence": ("Influence on the class", lambda view, found: np.abs(found.influence_on(view.target))),
    "variance": (
        "Variance over the data",
        lambda view, found: (
            wait_or_end(results.layer_over_data(view, found.call, pools.pool(view))).output_std
        ),
    ),
    "index": ("Index", lambda view, found: -np.arange(found.channels)),
}


def draw(view: View, call: LayerCall) -> None:
    """All channels of a layer, and the chosen one."""
    found = wait(results.layer_maps(view, call))
    st.header(say.plain(layer_headline(found, view.target, view.title)))
    layers.picker(view, call.name)
    sort = _sort(scales=found.spatial)
    order = np.argsort(-SORTS[sort][1](view, found), kind="stable")
    unit = layers.unit(view, found)
    shown, page = _page(order)
    many, one = st.columns([3, 2], gap="large")
    with many:
        (_grid if found.spatial else _bars)(view, found, shown, unit, page)
        cards.sheets(
            len(order), page, tiles.PER_PAGE, lambda sheet: session.choose_parameter(PAGE, sheet), "page"
        )
    with one:
        _channel(view, found, unit)
    _fine_print(view, found)


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
    last = (len(order) - 1) // tiles.PER_PAGE
    page = PAGE.read(session.settings(), high=last)
    return order[page * tiles.PER_PAGE : (page + 1) * tiles.PER_PAGE], page


def _grid(view: View, found: LayerMaps, shown: np.ndarray, unit: int, page: int) -> None:
    chosen = found.maps[shown]
    if OWN_SCALE.read(session.settings()):
        chosen, limit, signed = tiles.normalise(chosen)
        ends = "each its own"
    else:
        limit, signed = tiles.limit(found.maps), tiles.is_signed(found.maps)
        ends = f"{-limit if signed else 0:.3g} to {limit:.3g}"
    show(maps.scale_bar(signed=signed), width="stretch", alt=f"Colour scale, {ends}")
    st.caption(f"Scale: {ends}. Click a tile to enlarge it.")
    figure.draw(
        tiles.grid(chosen, shown, limit=limit, signed=signed, marked=unit, noun="Channel"),
        key=f"tiles-{found.call.name}-{page}-{unit}",
        alt=f"{len(shown)} channels of {found.call.name}, scale {ends}",
        choose=_choose_unit,
    )


def _bars(view: View, found: LayerMaps, shown: np.ndarray, unit: int, page: int) -> None:
    figure.draw(
        bars.units(found.maps[shown, 0, 0], shown, marked=unit),
        key=f"units-{found.call.name}-{page}-{unit}",
        alt=f"Values of {len(shown)} units of {found.call.name}",
        choose=_choose_unit,
    )
    st.caption("Click a bar to look at its unit.")


def _choose_unit(unit: int) -> None:
    session.choose(unit=int(unit))


def _channel(view: View, found: LayerMaps, unit: int) -> None:
    what = noun(found)
    layers.unit_picker(found, unit)
    one = found.maps[unit]
    if found.spatial and found.call.layout is not None:
        limit, signed = tiles.limit(one[None]), tiles.is_signed(one[None])
        show(
            maps.cells(view.seen.crop, one, limit=limit, signed=signed, strength=strength()),
            width="stretch",
            alt=f"Channel {unit} of {found.call.name} over {view.picture.title}",
        )
        show(maps.scale_bar(signed=signed), width="stretch", alt="Colour scale of this channel")
        st.caption(
            f"{-limit if signed else 0:.3g} to {limit:.3g}, this channel's own scale; "
            f"{one.shape[0]} x {one.shape[1]} places."
        )
    elif found.spatial:
        show(
            maps.png(
                tiles.mosaic(
                    one[None],
                    limit=tiles.limit(one[None]),
                    signed=tiles.is_signed(one[None]),
                    across=1,
                    side=maps.SIDE,
                )
            ),
            width="stretch",
            alt=f"Channel {unit} of {found.call.name}, which is no grid over the picture",
        )
        st.caption("These places are not places of the picture.")
    influence = float(found.influence_on(view.target)[unit])
    with st.container(horizontal=True):
        st.metric("Mean" if found.spatial else "Value", three_digits(float(one.mean())), border=True)
        if found.spatial:
            st.metric("Largest", three_digits(float(one.max())), border=True)
        st.metric(
            f"Adds to {say.plain(view.title)}",
            three_digits(influence),
            border=True,
            help="Weight times activation, exactly."
            if found.exact
            else "Gradient times activation, to first order.",
        )
    st.button(
        f"What excites this {what}",
        icon=":material/search_insights:",
        on_click=session.choose,
        kwargs={
            "layer": found.call.name,
            "unit": unit,
            "parameters": merge(session.settings(), {VIEW: "channel"}),
        },
    )


def _fine_print(view: View, found: LayerMaps) -> None:
    with st.expander("How this is read", icon=":material/menu_book:"):
        st.markdown(
            "Each tile is the output of one channel at every place of the photo. **Influence** on a class is the "
            "gradient of its score before the softmax times the activation, added up over all places: what the "
            "channel adds to the score, to first order."
        )
        st.latex(r"I_c = \sum_{p} \frac{\partial z_k}{\partial a_{c,p}}\, a_{c,p}")
        rest = float(found.rest[int(np.flatnonzero(found.classes == view.target)[0])])
        score = float(view.prediction.logits[view.target])
        st.caption(
            f"Added up over all {noun(found)}s: {three_digits(score - rest)} of the score {three_digits(score)}; "
            f"the rest is {three_digits(rest)}. "
            + (
                "From this layer on the network is linear, so this is exact and the rest is a bias."
                if found.exact
                else "From this layer on the network is not linear, so this holds for small changes only."
            )
        )
