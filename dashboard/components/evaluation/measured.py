"""How good a network that reads no pictures is on labelled data: what every kind of input shares."""

from __future__ import annotations

import streamlit as st

from dashboard.charts.evaluation import confusion as confusion_charts
from dashboard.charts.evaluation import reliability as reliability_charts
from dashboard.components import figure, say
from dashboard.components.figure import SAVABLE
from dashboard.components.palette import categories, ink
from dashboard.records.evaluation import Evaluation
from dashboard.wording.evaluation import beside_baseline, headline, sureness
from models.baseline import Baseline
from models.classifier import ReadyNetwork
from models.kinds import KINDS


def draw(network: ReadyNetwork, evaluation: Evaluation, title: str, baseline: Baseline | None) -> None:
    """How often it is right, beside its baseline, what it confuses, and how sure it may be.

    Args:
        network: that was measured.
        evaluation: on the test part.
        title: of the data.
        baseline: on the same part; None where nobody measured.
    """
    kind, accuracy = KINDS[network.reads], evaluation.accuracy
    st.header(
        say.plain(
            headline(
                network.title,
                accuracy,
                f"the {accuracy.count:,} test {kind.many} of {title}",
                len(network.classes),
                trained=network.trained,
            )
        )
    )
    if baseline is not None:
        st.markdown(say.plain(beside_baseline(accuracy, baseline)))
    matrix, sure = st.columns(2, gap="large")
    with matrix:
        st.subheader("What is taken for what")
        figure.draw(
            confusion_charts.grid(
                evaluation.confusion, network.classes, range(len(network.classes)), marked=None
            ),
            key=f"confusion-{network.reads}",
            alt=f"Confusion matrix: what {kind.one} is, down, and what it is called, across",
            config=SAVABLE,
        )
    with sure:
        st.subheader("How sure, and how often right")
        figure.draw(
            reliability_charts.bars(evaluation.reliability, categories(), ink=ink(), many=kind.many),
            key=f"reliability-{network.reads}",
            alt=f"Share of right answers by confidence, with the number of {kind.many} in each bin below",
            config=SAVABLE,
        )
    st.markdown(say.plain(sureness(evaluation)))
