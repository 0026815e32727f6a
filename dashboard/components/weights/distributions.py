"""Distributions: every layer's histogram on one axis, its numbers in a table, one tensor in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.typing import DataframeState

from dashboard import session
from dashboard.charts.weights import ridge
from dashboard.charts.weights.ridge import AxisScale
from dashboard.components import figure, say, tables
from dashboard.components.figure import SAVABLE
from dashboard.components.palette import categories
from dashboard.components.weights.subject import (
    WeightsSubject,
    choose_tensor,
    current_tensor,
    page_bounds,
    segments,
    summarise,
    tensor_picker,
)
from dashboard.inspection.weights.initialisation import expected_spreads
from dashboard.parameters import ROLE, ROWS, SCALE
from dashboard.records.weights import ROLES, TensorSummary
from dashboard.wording.numbers import three_digits
from dashboard.wording.weights import headline, sentences, shape

MOST_ROWS = 60


def draw(subject: WeightsSubject, top: DeltaGenerator) -> None:
    """The view; its finding goes to the top."""
    found = summarise(subject)
    roles = {role: f"{title} ({len(found.of(role))})" for role, title in ROLES.items() if found.of(role)}
    top.header(say.plain(headline(found.of("weight"), found.tensors)))
    if not roles:
        say.note("This file holds no real numbers, only whole ones; there is nothing to draw.")
        return
    with st.container(horizontal=True):
        role = segments("Tensors", ROLE, roles)
        scale = segments(
            "Axis",
            SCALE,
            ridge.SCALES,
            "Logarithmic sizes show |w| over decades; logarithmic counts show the few far from the rest.",
        )
    shown = found.of(role)
    current = current_tensor(subject, [one.facts for one in shown])
    first, behind = page_bounds(ROWS, len(shown), MOST_ROWS, "Tensors shown")
    _ridge(shown[first:behind], current.name if current else None, scale)
    _one(subject, shown, scale)
    _table(subject, shown, current.name if current else None)
    _others(found.tensors)


def _ridge(shown: Sequence[TensorSummary], current: str | None, scale: AxisScale) -> None:
    spreads = {one.facts.name: found[0].std for one in shown if (found := expected_spreads(one.facts))}
    figure.draw(
        ridge.ridge(shown, spreads, categories(), scale=scale, chosen=current),
        key="ridge",
        alt=f"Histograms of {len(shown)} tensors below each other on one axis",
        config=SAVABLE,
    )
    beyond = ridge.count_outside(shown, scale)
    far = f" {beyond} reach beyond the picture." if beyond else ""
    st.caption(f"Every row is as high as its own peak; its area says nothing.{far}")


def _one(subject: WeightsSubject, shown: Sequence[TensorSummary], scale: AxisScale) -> None:
    """The chosen tensor: its histogram, and its spread in words."""
    current = tensor_picker(subject, [one.facts for one in shown])
    one = next(one for one in shown if current is not None and one.facts.name == current.name)
    marks = {
        f"{spread.title}, {three_digits(spread.std)}": spread.std for spread in expected_spreads(one.facts)
    }
    picture, words = st.columns([3, 2], gap="large")
    with picture:
        figure.draw(
            ridge.overlay_histograms({one.facts.name: one.histogram}, categories(), scale=scale, marks=marks),
            key="one",
            alt=f"Histogram of {one.facts.name}",
            config=SAVABLE,
        )
    with words:
        for sentence in sentences(one):
            st.markdown(say.plain(sentence))


def columns(shown: Sequence[TensorSummary]) -> dict[str, list[object]]:
    """The table's columns."""
    spreads = [expected_spreads(one.facts) for one in shown]
    found: dict[str, list[object]] = {
        "Tensor": [one.facts.name for one in shown],
        "Kind": [one.facts.kind for one in shown],
        "Shape": [shape(one.facts) for one in shown],
        "Numbers": [one.facts.count for one in shown],
        "Mean": [one.mean for one in shown],
        "Spread": [one.std for one in shown],
        "Over Kaiming": [
            one.std / spread[0].std if spread else None for one, spread in zip(shown, spreads, strict=True)
        ],
        "Least": [one.low for one in shown],
        "Greatest": [one.high for one in shown],
        "Zeros": [one.zeros / max(one.finite, 1) for one in shown],
        "Near zero": [one.near_zeros / max(one.finite, 1) for one in shown],
        "Norm": [one.norm for one in shown],
        "Kurtosis": [one.kurtosis for one in shown],
        "NaN or infinite": [one.nan + one.infinite for one in shown],
        "Type": [one.facts.dtype for one in shown],
    }
    empty = [name for name in ("Over Kaiming", "NaN or infinite") if not any(found[name])]
    return {name: values for name, values in found.items() if name not in empty}


def _table(subject: WeightsSubject, shown: Sequence[TensorSummary], current: str | None) -> None:
    names = [one.facts.name for one in shown]
    rows = [names.index(current)] if current in names else []
    content = columns(shown)
    number = st.column_config.NumberColumn(format="%.3g")
    st.dataframe(
        content,
        hide_index=True,
        key=session.control("weights-table", {"selection": {"rows": rows, "columns": [], "cells": []}}),
        on_select=lambda: _pick(subject, shown, session.entry("weights-table")),
        selection_mode="single-row",
        column_config={
            **dict.fromkeys(
                ("Mean", "Spread", "Over Kaiming", "Least", "Greatest", "Norm", "Kurtosis"), number
            ),
            **dict.fromkeys(("Zeros", "Near zero"), st.column_config.NumberColumn(format="percent")),
        },
        placeholder="",
        alt="Statistics of every tensor",
    )
    st.caption(
        "Tick a row to look at that tensor. Spread is the standard deviation and kurtosis the excess over a bell "
        "curve's, both divided by n; near zero is at most 1/254 of the tensor's largest size."
    )
    tables.take_away(content, "weights", "weights-csv")


def _pick(subject: WeightsSubject, shown: Sequence[TensorSummary], state: DataframeState) -> None:
    for index in state["selection"]["rows"]:
        choose_tensor(subject, shown[index].facts.name)


def _others(tensors: Sequence[TensorSummary]) -> None:
    """Whole numbers and truth values, one fold away."""
    others = [one for one in tensors if not len(one.histogram.counts)]
    if not others:
        return
    with st.expander(f"Whole numbers and empty tensors: {len(others)}", icon=":material/tag:"):
        content: Mapping[str, list[object]] = {
            "Tensor": [one.facts.name for one in others],
            "Type": [one.facts.dtype for one in others],
            "Shape": [shape(one.facts) for one in others],
            "Least": [one.low for one in others],
            "Greatest": [one.high for one in others],
            "Mean": [one.mean for one in others],
        }
        st.dataframe(content, hide_index=True, key="others", alt="Tensors of whole numbers")
