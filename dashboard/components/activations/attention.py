"""Attention: what the class token or a chosen patch looks at, head by head."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dashboard import session
from dashboard.charts import maps
from dashboard.charts.activations import patches, tiles
from dashboard.components import choice, figure, say
from dashboard.components.attribution.explain import strength
from dashboard.components.picture import show
from dashboard.components.wait import wait
from dashboard.parameters import BLOCK, HEAD, PATCH
from dashboard.records.activations import AttentionMaps
from dashboard.results import activations as results
from dashboard.view import View
from dashboard.wording.activations import attention_headline
from dashboard.wording.numbers import colour_scale, percent

MEAN = "Mean of all heads"
CLASS_TOKEN, ONE_PATCH = "Class token", "Patch"


def fits(view: View) -> bool:
    """Whether the network has attention of all tokens to all."""
    return view.survey.attended is not None


def draw(view: View) -> None:
    """One layer's attention for one token."""
    attention = wait(results.attention_maps(view))
    layers, heads = attention.weights.shape[:2]
    finding = st.container()
    layer = BLOCK.read(view.selection.parameters, layers - 1, high=layers - 1)
    patch = _patch(attention)
    if layers > 1:
        st.slider(
            "Layer of attention",
            1,
            layers,
            key=session.control("block", layer + 1),
            on_change=lambda: session.choose_parameter(BLOCK, session.entry("block") - 1),
        )
    weights = attention.over_picture(layer, attention.prefix + patch if patch is not None else 0)
    who = "the class token" if patch is None else f"patch {patch}"
    finding.header(say.plain(attention_headline(view.model.title, weights, layer, layers, who)))
    left, right = st.columns(2, gap="large")
    with left:
        _query(view, attention, patch)
    with right:
        _over_photo(view, weights, heads, who)
    st.subheader("Every head")
    limit = tiles.limit(weights)
    figure.draw(
        tiles.grid(weights, np.arange(heads), limit=limit, signed=False, marked=_head(heads), noun="Head"),
        key=f"heads-{layer}-{patch}-{_head(heads)}",
        alt=f"Attention of {who} in {heads} heads",
        choose=lambda head: session.choose_parameter(HEAD, int(head)),
    )
    st.caption(
        say.plain(
            f"Share of a token's attention, on one scale for all heads: "
            f"{colour_scale(weights, limit, signed=False, write=percent)}. Click a head to see it over the photo."
        )
    )
    with st.expander("How this is read", icon=":material/menu_book:"):
        st.latex(r"A = \mathrm{softmax}\!\left(\frac{Q K^{\top}}{\sqrt{d}}\right)")
        st.caption(
            "A row of A says how a token mixes what it reads from all others. It tells where information is taken "
            "from, not what it is used for: attention is a hint at an explanation, and no proof of one."
        )


def _patch(attention: AttentionMaps) -> int | None:
    """The patch of the address, or None for the class token; the first patch where there is no class token."""
    count = attention.grid[0] * attention.grid[1]
    patch = PATCH.read(session.settings(), count if attention.prefix else 0)
    return None if patch >= count and attention.prefix else min(patch, count - 1)


def _query(view: View, attention: AttentionMaps, patch: int | None) -> None:
    st.subheader("Who looks")
    if attention.prefix:
        st.segmented_control(
            "Who looks",
            [CLASS_TOKEN, ONE_PATCH],
            key=session.control("who", CLASS_TOKEN if patch is None else ONE_PATCH),
            on_change=lambda: session.choose_parameter(
                PATCH, None if session.entry("who") == CLASS_TOKEN else _middle(attention)
            ),
            required=True,
            label_visibility="collapsed",
        )
    figure.draw(
        patches.picture(view.seen.crop, attention.grid, marked=patch),
        # By this its style is found.
        key=f"{'pixels' if maps.is_small(view.seen.crop) else 'patches'}-{patch}",
        alt=f"{view.picture.title} in {attention.grid[0]} x {attention.grid[1]} patches",
        choose=lambda place: session.choose_parameter(PATCH, int(place)),
    )
    st.caption("Click a patch to see what it looks at.")


def _middle(attention: AttentionMaps) -> int:
    return attention.grid[0] // 2 * attention.grid[1] + attention.grid[1] // 2


def _head(heads: int) -> int | None:
    """The head of the address; None for the mean of all."""
    head = HEAD.read(session.settings(), heads)
    return head if head < heads else None


def _over_photo(view: View, per_head: np.ndarray, heads: int, who: str) -> None:
    head = _head(heads)
    st.subheader("What at")
    choice.select(
        "Head",
        [MEAN, *range(heads)],
        MEAN if head is None else head,
        lambda number: session.choose_parameter(HEAD, None if isinstance(number, str) else number),
        key="head",
        title=lambda number: number if isinstance(number, str) else f"Head {number}",
        hidden=True,
    )
    weights = per_head.mean(0) if head is None else per_head[head]
    limit = tiles.limit(weights[None])
    title = MEAN.lower() if head is None else f"head {head}"
    show(
        maps.cells(view.seen.crop, weights, limit=limit, signed=False, strength=strength()),
        width=maps.SIDE,
        alt=f"Attention of {who}, {title}, on {view.picture.title}",
    )
    st.caption(
        say.plain(f"Share of its attention: {colour_scale(weights, limit, signed=False, write=percent)}.")
    )
