"""What somebody must know who reads three lines: how good, what it confuses, whether it knows when it is wrong."""

from __future__ import annotations

import streamlit as st

from dashboard.components import say
from dashboard.components.evaluation.subject import EvaluationSubject
from dashboard.records.evaluation import Evaluation
from dashboard.wording.evaluation import headline, hint, mistakes, omissions, sureness, weakest
from dashboard.wording.numbers import rate, three_digits


def draw(subject: EvaluationSubject) -> None:
    """The headline, three lines, and the numbers."""
    evaluation, pool = subject.evaluation, subject.labelled.pool
    trained = subject.view.model.trained
    st.header(say.plain(headline(evaluation.accuracy, pool.title, len(subject.classes), trained=trained)))
    if subject.part.warning:
        say.warning(subject.part.warning)
    if pool.few:
        say.note(hint(evaluation.accuracy.count))
    for sentence in omissions(evaluation, pool):
        say.warning(sentence)
    lines = [
        mistakes(evaluation, subject.classes),
        weakest(evaluation, subject.classes),
        sureness(evaluation),
    ]
    st.markdown("\n".join(f"- {say.plain(line)}" for line in lines if line))
    if subject.part.remark:
        st.caption(say.plain(subject.part.remark))
    _numbers(evaluation)


def _numbers(evaluation: Evaluation) -> None:
    accuracy, interval = (
        evaluation.accuracy,
        "Wilson's 95 % interval: where the accuracy on endless such pictures lies.",
    )
    with st.container(horizontal=True):
        st.metric(
            "Accuracy", rate(accuracy.share), border=True, help=f"{accuracy.right:,} of {accuracy.count:,}"
        )
        st.metric(
            "95 % interval", f"{rate(accuracy.low)} to {rate(accuracy.high)}", border=True, help=interval
        )
        if evaluation.among_five is not None:
            st.metric(
                "Top-5",
                rate(evaluation.among_five),
                border=True,
                help="Pictures whose class is among the five most probable.",
            )
        st.metric(
            "Mean recall",
            rate(evaluation.balanced),
            border=True,
            help="Of all classes with pictures, each alike.",
        )
        st.metric(
            "Mean F1",
            rate(evaluation.macro_f1),
            border=True,
            help="Of all classes with pictures, each alike.",
        )
        st.metric(
            "Calibration error",
            three_digits(evaluation.reliability.ece),
            border=True,
            help="Mean distance of confidence and accuracy over 15 bins of equal width (ECE); 0 is best.",
        )
