"""Spectrum: how many directions each layer really uses, and how heavy the tail of its singular values is."""

from __future__ import annotations

import math
from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.charts.weights import spectrum as charts
from dashboard.components import figure, say
from dashboard.components.figure import SAVABLE
from dashboard.components.palette import categories
from dashboard.components.wait import wait
from dashboard.components.weights.subject import (
    WeightsSubject,
    current_tensor,
    page_bounds,
    summarise,
    tensor_picker,
    tensor_table,
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
    result = wait(results.spectra(subject.of))
    top.header(say.plain(headline(subject.title, result.found)))
    if not result.found:
        return
    current = current_tensor(subject, [spectrum.facts for spectrum in result.found])
    name = current.name if current else None
    # The first screen shows one whole; all below each other may be longer.
    _one(subject, result.found)
    with_law = [spectrum for spectrum in result.found if spectrum.law is not None]
    if with_law:
        first, behind = page_bounds(ROWS, len(with_law), MOST_ROWS, "Layers shown")
        figure.draw(
            charts.exponents(with_law[first:behind], categories(), chosen=name),
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
    _table(subject, result.found, name)
    if result.skipped:
        names = ", ".join(result.skipped[:5]) + (" and others" if len(result.skipped) > 5 else "")
        st.caption(
            say.plain(f"Left out, not finite or with more than {LONGEST_SIDE:,} rows and columns: {names}.")
        )
    _fine_print()


def _one(subject: WeightsSubject, known: Sequence[Spectrum]) -> None:
    current = tensor_picker(subject, [spectrum.facts for spectrum in known], "Layer")
    spectrum = next(
        spectrum for spectrum in known if current is not None and spectrum.facts.name == current.name
    )
    summary = summarise(subject).find(spectrum.facts.name)
    assert summary is not None
    edges = random_edges(spectrum.facts, summary.rms)
    left, right = st.columns(2, gap="large")
    with left:
        figure.draw(
            charts.values(spectrum, edges, categories()),
            key="values",
            alt=f"Singular values of {spectrum.facts.name}",
            config=SAVABLE,
        )
        st.caption(
            "Grey: where a random matrix of this size and spread has all of its own. "
            f"{(spectrum.values > edges[1]).sum():,} lie above it: directions that training has made."
        )
    with right:
        if spectrum.law is not None:
            figure.draw(
                charts.tail(spectrum, categories()),
                key="tail",
                alt=f"Tail of the spectrum of {spectrum.facts.name}",
                config=SAVABLE,
            )
        for sentence in sentences(spectrum):
            st.markdown(say.plain(sentence))


def _table(subject: WeightsSubject, known: Sequence[Spectrum], current: str | None) -> None:
    columns: dict[str, list[object]] = {
        "Layer": [spectrum.facts.name for spectrum in known],
        "Matrix": [shape(spectrum.facts) for spectrum in known],
        "Values": [len(spectrum.values) for spectrum in known],
        "Largest": [float(spectrum.values[0]) for spectrum in known],
        "Stable rank": [spectrum.stable_rank for spectrum in known],
        "Effective rank": [spectrum.effective_rank for spectrum in known],
        "Condition": [
            spectrum.condition if math.isfinite(spectrum.condition) else None for spectrum in known
        ],
        "Alpha": [spectrum.law.alpha if spectrum.law else None for spectrum in known],
        "Distance": [spectrum.law.distance if spectrum.law else None for spectrum in known],
        "In the tail": [spectrum.law.tail if spectrum.law else None for spectrum in known],
        "Power law": [spectrum.law.plausible if spectrum.law else None for spectrum in known],
    }
    number = st.column_config.NumberColumn(format="%.3g")
    tensor_table(
        subject,
        columns,
        current,
        name="spectra",
        config=dict.fromkeys(("Largest", "Stable rank", "Effective rank", "Alpha", "Distance"), number)
        | {
            "Condition": st.column_config.NumberColumn(
                format="%.3g", help="Empty where it is infinite: a singular value is 0."
            )
        },
        alt="Spectrum of every layer",
    )


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
