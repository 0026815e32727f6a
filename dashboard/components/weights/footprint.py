"""Footprint: what the weights take in memory, and what storing them smaller costs on the chosen photo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.charts.weights import footprint as charts
from dashboard.components import figure, say, tables
from dashboard.components.figure import SAVABLE
from dashboard.components.palette import categories
from dashboard.components.wait import wait
from dashboard.components.weights.subject import WeightsSubject, summarise
from dashboard.inspection.weights.footprint import stored_bytes
from dashboard.records.weights import Precision, TensorFacts
from dashboard.results import weights as results
from dashboard.view import View
from dashboard.wording.numbers import memory
from dashboard.wording.weights import footprint_headline, shape


def draw(subject: WeightsSubject, top: DeltaGenerator) -> None:
    """The view; its finding goes to the top."""
    known = [tensor.facts for tensor in summarise(subject).tensors]
    sizes = stored_bytes(subject.weights)
    total = sum(sizes.values())
    # Numbers of what nobody sees into cannot be changed.
    view = None if subject.view is None or subject.view.classifier.sealed else subject.view
    costs = () if view is None else wait(results.precisions(view))
    top.header(say.plain(footprint_headline(subject.title, sizes, costs)))
    if total:
        figure.draw(
            charts.areas({tensor.name: sizes[tensor.name] for tensor in known}, categories()),
            key="areas",
            alt="Bytes of every part of the network as areas",
            config=SAVABLE,
        )
        st.caption("Every area is as large as the bytes of its tensors; what two names share counts once.")
    if view is not None:
        _precision(view, costs, total)
    _table(subject, known, sizes)


def _precision(view: View, costs: Sequence[Precision], total: int) -> None:
    st.subheader("What smaller numbers would cost")
    columns: dict[str, list[object]] = {
        "Format": [cost.title for cost in costs],
        "Bytes": [cost.bytes for cost in costs],
        "Of the file": [cost.bytes / total if total else None for cost in costs],
        "Scores off by": [cost.error for cost in costs],
        "Greatest difference": [cost.largest for cost in costs],
    }
    if view.prediction.probabilities is not None:
        columns |= {
            "Class": [view.prediction.classes[cost.winner] for cost in costs],
            "Probability": [cost.probability for cost in costs],
            "Same class": [cost.same for cost in costs],
        }
    st.dataframe(
        columns,
        hide_index=True,
        key="precision",
        column_config={
            "Bytes": st.column_config.NumberColumn(format="bytes"),
            "Of the file": st.column_config.NumberColumn(format="percent"),
            "Scores off by": st.column_config.NumberColumn(format="%.3g"),
            "Greatest difference": st.column_config.NumberColumn(format="%.3g"),
            "Probability": st.column_config.NumberColumn(format="percent"),
        },
        alt="What each number format costs on this photo",
    )
    st.caption(
        say.plain(
            f"Measured on {view.picture.title} alone: weights are rounded and read back, the calculation stays in "
            "float32. Scores off by: norm of the difference of all scores over their norm. Eight bits are symmetric, "
            "for matrices and convolutions; vectors stay in float32."
        )
    )
    tables.take_away(columns, "precision", "precision-csv", of=view.classifier.key)


def _table(subject: WeightsSubject, known: Sequence[TensorFacts], sizes: Mapping[str, int]) -> None:
    st.subheader("Bytes by tensor")
    types: dict[str, int] = {}
    for tensor in known:
        types[tensor.dtype] = types.get(tensor.dtype, 0) + sizes[tensor.name]
    st.markdown(say.plain(", ".join(f"{memory(size)} in {dtype}" for dtype, size in types.items())))
    rows = sorted(known, key=lambda tensor: -sizes[tensor.name])
    columns: dict[str, list[object]] = {
        "Tensor": [tensor.name for tensor in rows],
        "Kind": [tensor.kind for tensor in rows],
        "Shape": [shape(tensor) for tensor in rows],
        "Type": [tensor.dtype for tensor in rows],
        "Numbers": [tensor.count for tensor in rows],
        "Bytes": [sizes[tensor.name] for tensor in rows],
    }
    st.dataframe(
        columns,
        hide_index=True,
        key="bytes",
        column_config={"Bytes": st.column_config.NumberColumn(format="bytes")},
        alt="Bytes of every tensor",
    )
    tables.take_away(columns, "bytes", "bytes-csv", of=subject.of.key)
