"""What somebody must know who reads three lines: how good, what it confuses, whether it knows when it is wrong."""

from __future__ import annotations

import streamlit as st

from dashboard.components import key_figures, say
from dashboard.components.evaluation.subject import EvaluationSubject
from dashboard.components.key_figures import KeyFigure
from dashboard.records.evaluation import Evaluation
from dashboard.wording.evaluation import headline, hint, mistakes, omissions, sureness, weakest
from dashboard.wording.numbers import rate, three_digits


def finding(subject: EvaluationSubject) -> None:
    """The headline, and what to be careful with."""
    evaluation, pool = subject.evaluation, subject.labelled.pool
    trained = subject.view.model.trained
    st.header(
        say.plain(
            headline(
                subject.view.model.title,
                evaluation.accuracy,
                pool.title,
                len(subject.classes),
                trained=trained,
            )
        )
    )
    if subject.part.warning:
        say.warning(subject.part.warning)
    if pool.few:
        say.note(hint(evaluation.accuracy.count))
    say.warning(*omissions(evaluation, pool))


def numbers(subject: EvaluationSubject) -> None:
    """Three lines, and the numbers."""
    evaluation = subject.evaluation
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
    accuracy, five = evaluation.accuracy, evaluation.among_five
    key_figures.draw(
        KeyFigure("Accuracy", rate(accuracy.share), f"{accuracy.right:,} of {accuracy.count:,}"),
        KeyFigure(
            "95 % interval",
            f"{rate(accuracy.low)} to {rate(accuracy.high)}",
            "Wilson's 95 % interval: where the accuracy on endless such pictures lies.",
        ),
        None
        if five is None
        else KeyFigure("Top-5", rate(five), "Pictures whose class is among the five most probable."),
        KeyFigure("Mean recall", rate(evaluation.balanced), "Of all classes with pictures, each alike."),
        KeyFigure("Mean F1", rate(evaluation.macro_f1), "Of all classes with pictures, each alike."),
        KeyFigure(
            "Calibration error",
            three_digits(evaluation.reliability.ece),
            "Mean distance of confidence and accuracy over 15 bins of equal width (ECE); 0 is best.",
        ),
    )
