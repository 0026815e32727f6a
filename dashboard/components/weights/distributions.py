"""Distributions: every layer's histogram on one axis, its numbers in a table, one tensor in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.charts.weights import ridge
from dashboard.charts.weights.ridge import AxisScale
from dashboard.components import figure, say
from dashboard.components.figure import SAVABLE
from dashboard.components.palette import categories
from dashboard.components.weights.subject import (
    WeightsSubject,
    current_tensor,
    page_bounds,
    segments,
    summarise,
    tensor_picker,
    tensor_table,
)
from dashboard.inspection.weights.initialisation import expected_spreads
from dashboard.parameters import ROLE, ROWS, SCALE
from dashboard.records.weights import ROLES, TensorSummary
from dashboard.wording.numbers import three_digits
from dashboard.wording.weights import headline, sentences, shape

MOST_ROWS = 60


def draw(subject: WeightsSubject, top: DeltaGenerator) -> None:
    """The view; its finding goes to the top."""
    distributions = summarise(subject)
    roles = {
        role: f"{title} ({len(distributions.of(role))})"
        for role, title in ROLES.items()
        if distributions.of(role)
    }
    top.header(say.plain(headline(subject.title, distributions.of("weight"), distributions.tensors)))
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
    summaries = distributions.of(role)
    current = current_tensor(subject, [summary.facts for summary in summaries])
    # The first screen shows one whole; all below each other are longer than that.
    _one(subject, summaries, scale)
    first, behind = page_bounds(ROWS, len(summaries), MOST_ROWS, "Tensors shown")
    _ridge(summaries[first:behind], current.name if current else None, scale)
    _table(subject, summaries, current.name if current else None)
    _others(distributions.tensors)


def _ridge(summaries: Sequence[TensorSummary], current: str | None, scale: AxisScale) -> None:
    spreads = {
        summary.facts.name: start[0].std
        for summary in summaries
        if (start := expected_spreads(summary.facts))
    }
    figure.draw(
        ridge.ridge(summaries, spreads, categories(), scale=scale, chosen=current),
        key="ridge",
        alt=f"Histograms of {len(summaries)} tensors below each other on one axis",
        config=SAVABLE,
    )
    beyond = ridge.count_outside(summaries, scale)
    far = f" {beyond} reach beyond the picture." if beyond else ""
    st.caption(f"Every row is as high as its own peak; its area says nothing.{far}")


def _one(subject: WeightsSubject, summaries: Sequence[TensorSummary], scale: AxisScale) -> None:
    """The chosen tensor: its histogram, and its spread in words."""
    current = tensor_picker(subject, [summary.facts for summary in summaries])
    summary = next(
        summary for summary in summaries if current is not None and summary.facts.name == current.name
    )
    marks = {
        f"{spread.title}, {three_digits(spread.std)}": spread.std
        for spread in expected_spreads(summary.facts)
    }
    picture, words = st.columns([3, 2], gap="large")
    with picture:
        figure.draw(
            ridge.overlay_histograms(
                {summary.facts.name: summary.histogram}, categories(), scale=scale, marks=marks
            ),
            key="one",
            alt=f"Histogram of {summary.facts.name}",
            config=SAVABLE,
        )
    with words:
        for sentence in sentences(summary):
            st.markdown(say.plain(sentence))


def columns(summaries: Sequence[TensorSummary]) -> dict[str, list[object]]:
    """The table's columns."""
    spreads = [expected_spreads(summary.facts) for summary in summaries]
    table: dict[str, list[object]] = {
        "Tensor": [summary.facts.name for summary in summaries],
        "Kind": [summary.facts.kind for summary in summaries],
        "Shape": [shape(summary.facts) for summary in summaries],
        "Numbers": [summary.facts.count for summary in summaries],
        "Mean": [summary.mean for summary in summaries],
        "Spread": [summary.std for summary in summaries],
        "Over Kaiming": [
            summary.std / spread[0].std if spread else None
            for summary, spread in zip(summaries, spreads, strict=True)
        ],
        "Least": [summary.low for summary in summaries],
        "Greatest": [summary.high for summary in summaries],
        "Zeros": [summary.zeros / max(summary.finite, 1) for summary in summaries],
        "Near zero": [summary.near_zeros / max(summary.finite, 1) for summary in summaries],
        "Norm": [summary.norm for summary in summaries],
        "Kurtosis": [summary.kurtosis for summary in summaries],
        "NaN or infinite": [summary.nan + summary.infinite for summary in summaries],
        "Type": [summary.facts.dtype for summary in summaries],
    }
    empty = [name for name in ("Over Kaiming", "NaN or infinite") if not any(table[name])]
    return {name: values for name, values in table.items() if name not in empty}


def _table(subject: WeightsSubject, summaries: Sequence[TensorSummary], current: str | None) -> None:
    number = st.column_config.NumberColumn(format="%.3g")
    tensor_table(
        subject,
        columns(summaries),
        current,
        name="weights",
        config={
            **dict.fromkeys(
                ("Mean", "Spread", "Over Kaiming", "Least", "Greatest", "Norm", "Kurtosis"), number
            ),
            **dict.fromkeys(("Zeros", "Near zero"), st.column_config.NumberColumn(format="percent")),
        },
        alt="Statistics of every tensor",
        caption="Tick a row to look at that tensor. Spread is the standard deviation and kurtosis the excess over a "
        "bell curve's, both divided by n; near zero is at most 1/254 of the tensor's largest size.",
    )


def _others(tensors: Sequence[TensorSummary]) -> None:
    """Whole numbers and truth values, one fold away."""
    others = [summary for summary in tensors if not len(summary.histogram.counts)]
    if not others:
        return
    with st.expander(f"Whole numbers and empty tensors: {len(others)}", icon=":material/tag:"):
        content: Mapping[str, list[object]] = {
            "Tensor": [summary.facts.name for summary in others],
            "Type": [summary.facts.dtype for summary in others],
            "Shape": [shape(summary.facts) for summary in others],
            "Least": [summary.low for summary in others],
            "Greatest": [summary.high for summary in others],
            "Mean": [summary.mean for summary in others],
        }
        st.dataframe(content, hide_index=True, key="others", alt="Tensors of whole numbers")
