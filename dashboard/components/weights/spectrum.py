"""Spectrum: how many directions each layer really uses, and how heavy the tail of its singular values is."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.typing import DataframeState

from dashboard import session
from dashboard.charts.weights import spectrum as charts
from dashboard.components import figure, say, tables
from dashboard.components.figure import SAVABLE
from dashboard.components.palette import categories
from dashboard.components.wait import wait
from dashboard.components.weights.subject import (
    WeightsSubject,
    choose_tensor,
    current_tensor,
    page_bounds,
    summarise,
    tensor_picker,
)
from dashboard.inspection.weights.power_law import FEWEST
from dashboard.inspection.weights.spectrum import LONGEST_SIDE, random_edges
from dashboard.parameters import ROWS
from dashboard.records.weights import USUAL_ALPHA, Spectrum
from dashboard.results import weights as results
from dashboard.wording.spectrum import headline, sentences
from dashboard.wording.weights import shape

MOST_ROWS = 60


def draw(subject: WeightsSubject, top: DeltaGenerator) -> None:
    """The view; its finding goes to the top."""
    found = wait(results.spectra(subject.of))
    top.header(say.plain(headline(found.found)))
    if not found.found:
        return
    current = current_tensor(subject, [one.facts for one in found.found])
    name = current.name if current else None
    fitted = [one for one in found.found if one.law is not None]
    if fitted:
        first, behind = page_bounds(ROWS, len(fitted), MOST_ROWS, "Layers shown")
        figure.draw(
            charts.exponents(fitted[first:behind], categories(), chosen=name),
            key="exponents",
            alt="Tail exponent of every layer, with the usual range",
            config=SAVABLE,
        )
        st.caption(
            f"The green band, {USUAL_ALPHA[0]:g} to {USUAL_ALPHA[1]:g}, is where well-trained layers usually lie. An "
            "open circle: its tail is no power law, so its exponent says little."
        )
    else:
        say.note(f"No layer has {FEWEST} singular values, so no tail can be fitted.")
    _one(subject, found.found)
    _table(subject, found.found, name)
    if found.skipped:
        names = ", ".join(found.skipped[:5]) + (" and others" if len(found.skipped) > 5 else "")
        st.caption(
            say.plain(f"Left out, not finite or with more than {LONGEST_SIDE:,} rows and columns: {names}.")
        )
    _fine_print()


def _one(subject: WeightsSubject, found: Sequence[Spectrum]) -> None:
    current = tensor_picker(subject, [one.facts for one in found], "Layer")
    one = next(one for one in found if current is not None and one.facts.name == current.name)
    summary = summarise(subject).find(one.facts.name)
    assert summary is not None
    edges = random_edges(one.facts, summary.rms)
    left, right = st.columns(2, gap="large")
    with left:
        figure.draw(
            charts.values(one, edges, categories()),
            key="values",
            alt=f"Singular values of {one.facts.name}",
            config=SAVABLE,
        )
        beyond = int((one.values > edges[1]).sum())
        st.caption(
            f"Grey: where a random matrix of this size and spread has all of its own. {beyond:,} lie above it: "
            "directions that training has made."
        )
    with right:
        if one.law is not None:
            figure.draw(
                charts.tail(one, categories()),
                key="tail",
                alt=f"Tail of the spectrum of {one.facts.name}",
                config=SAVABLE,
            )
        for sentence in sentences(one):
            st.markdown(say.plain(sentence))


def _table(subject: WeightsSubject, found: Sequence[Spectrum], current: str | None) -> None:
    names = [one.facts.name for one in found]
    rows = [names.index(current)] if current in names else []
    columns: dict[str, list[object]] = {
        "Layer": list(names),
        "Matrix": [shape(one.facts) for one in found],
        "Values": [len(one.values) for one in found],
        "Largest": [float(one.values[0]) for one in found],
        "Stable rank": [one.stable_rank for one in found],
        "Effective rank": [one.effective_rank for one in found],
        "Condition": [one.condition for one in found],
        "Alpha": [one.law.alpha if one.law else None for one in found],
        "Distance": [one.law.distance if one.law else None for one in found],
        "In the tail": [one.law.tail if one.law else None for one in found],
        "Power law": [one.law.plausible if one.law else None for one in found],
    }
    number = st.column_config.NumberColumn(format="%.3g")
    st.dataframe(
        columns,
        hide_index=True,
        key=session.control("spectra-table", {"selection": {"rows": rows, "columns": [], "cells": []}}),
        on_select=lambda: _pick(subject, found, session.entry("spectra-table")),
        selection_mode="single-row",
        column_config=dict.fromkeys(
            ("Largest", "Stable rank", "Effective rank", "Condition", "Alpha", "Distance"), number
        ),
        placeholder="",
        alt="Spectrum of every layer",
    )
    tables.take_away(columns, "spectra", "spectra-csv")


def _pick(subject: WeightsSubject, found: Sequence[Spectrum], state: DataframeState) -> None:
    for index in state["selection"]["rows"]:
        choose_tensor(subject, found[index].facts.name)


def _fine_print() -> None:
    with st.expander("How to read a spectrum", icon=":material/menu_book:"):
        st.markdown(
            "A layer is read as a matrix with a row for each unit; its singular values say how strongly it acts along "
            "each of its own directions. A random matrix keeps them within a band; what training adds stands above it."
        )
        st.latex(r"p(\lambda) \propto \lambda^{-\alpha}, \quad \lambda = \sigma^2 \ge x_{min}")
        st.markdown(
            "Alpha is the most likely exponent of the tail, whose beginning is where the fit misses least "
            "([Clauset, Shalizi and Newman, 2009](https://arxiv.org/abs/0706.1062)). That well-trained layers lie "
            "between 2 and 6 is an observation, not a law ([Martin and Mahoney, 2021]"
            "(https://arxiv.org/abs/1810.01075)); they read a convolution as several matrices, here it is one, so "
            "exponents of convolutions can differ from theirs. Whether a tail may be a power law is Lilliefors' test "
            "of its logarithms at 5 %; as the beginning was chosen to fit best, it is lenient."
        )
