"""Calibration: whether 80 % sure means right in 80 % of the cases, and what one number would mend."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dashboard.charts.evaluation import reliability as charts
from dashboard.components import figure, say, tables
from dashboard.components.evaluation.subject import EvaluationSubject
from dashboard.components.figure import SAVABLE
from dashboard.components.palette import categories, ink
from dashboard.records.evaluation import BINS, Evaluation, Reliability
from dashboard.wording.evaluation import calibration, no_temperature, temperature_effect


def draw(subject: EvaluationSubject) -> None:
    """The reliability of all pictures, and before and after a temperature."""
    evaluation = subject.evaluation
    whole, divided = st.columns(2, gap="large")
    with whole:
        st.subheader("How sure, and how often right")
        figure.draw(
            charts.bars(evaluation.reliability, categories(), ink=ink()),
            key="reliability",
            alt="Share of right answers by confidence, with the number of pictures in each bin below",
            config=SAVABLE,
        )
        st.caption(
            "Bars below the dashed line: too sure. Above it: not sure enough. Dots: mean confidence of a bar. "
            "A bar with few pictures says little."
        )
    with divided:
        st.subheader("What one temperature would bring")
        _temperature(evaluation)
    st.markdown(say.plain(calibration(evaluation.reliability)))
    _table(evaluation.reliability, subject)
    _fine_print()


def _temperature(evaluation: Evaluation) -> None:
    mended = evaluation.temperature
    if mended is None:
        st.markdown(no_temperature(evaluation.accuracy.count))
        return
    figure.draw(
        charts.lines(mended.before, mended.after, categories(), ink=ink()),
        key="temperature",
        alt="Mean confidence against accuracy, as it is and with the scores divided by the temperature",
        config=SAVABLE,
    )
    st.caption(say.plain(temperature_effect(mended)))


def _table(reliability: Reliability, subject: EvaluationSubject) -> None:
    edges = np.linspace(0, 1, BINS + 1)
    columns: dict[str, list[object]] = {
        "From": [float(edge) for edge in edges[:-1]],
        "To": [float(edge) for edge in edges[1:]],
        "Pictures": [int(count) for count in reliability.counts],
        "Confidence": [None if np.isnan(value) else float(value) for value in reliability.confidence],
        "Right": [None if np.isnan(value) else float(value) for value in reliability.accuracy],
    }
    with st.expander("Every bin in numbers", icon=":material/table_rows:"):
        shares = ("From", "To", "Confidence", "Right")
        st.dataframe(
            columns,
            column_config=dict.fromkeys(shares, st.column_config.NumberColumn(format="percent")),
            hide_index=True,
            placeholder="",
            alt="Pictures, confidence and share of right answers of every bin",
        )
        tables.take_away(columns, "reliability", "reliability-csv", of=subject.view.classifier.key)


def _fine_print() -> None:
    with st.expander("How calibration is measured", icon=":material/menu_book:"):
        st.markdown(
            f"A picture's confidence is the probability of the class it is given. Pictures are put into {BINS} bins of "
            "equal width by it; the error is the mean distance of confidence and accuracy, weighted by the pictures of "
            "each bin. It depends on the bins, and few pictures make it larger."
        )
        st.latex(r"\mathrm{ECE} = \sum_b \frac{n_b}{N} \left| \mathrm{acc}_b - \mathrm{conf}_b \right|")
        st.markdown(
            "The temperature T is the number with the smallest loss on one half of the pictures, chosen at random "
            "with a fixed seed; all numbers of it are of the other half. "
            "[Guo et al., 2017](https://arxiv.org/abs/1706.04599)"
        )
        st.latex(r"p = \mathrm{softmax}(z / T)")
