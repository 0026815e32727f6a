"""How good a network that reads no pictures is on labelled data: what every kind of input shares."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import streamlit as st

from dashboard import session
from dashboard.charts.evaluation import confusion as confusion_charts
from dashboard.charts.evaluation import reliability as reliability_charts
from dashboard.components import figure, say, tables
from dashboard.components.figure import SAVABLE
from dashboard.components.palette import categories, ink
from dashboard.navigation import find_home
from dashboard.records.evaluation import Evaluation
from dashboard.wording.evaluation import headline, sureness
from models.classifier import ReadyNetwork
from models.kinds import KINDS

MOST_MISTAKES = 100


def draw(network: ReadyNetwork, evaluation: Evaluation, title: str, beside: str) -> None:
    """How often it is right, beside its baseline, what it confuses, and how sure it may be.

    Args:
        network: that was measured.
        evaluation: on the test part.
        title: of the data.
        beside: what its baseline reaches on the same part, in words; empty where nobody measured.
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
    if beside:
        st.markdown(say.plain(beside))
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
    st.markdown(say.plain(sureness(evaluation, kind.many)))


def mistakes(
    network: ReadyNetwork,
    evaluation: Evaluation,
    *,
    choose: Callable[[int], None],
    more: Callable[[np.ndarray], Mapping[str, list[object]]] = lambda places: {},
) -> None:
    """The examples that it is wrong about, those of which it is surest first; nothing where it is always right.

    Args:
        network: that was measured.
        evaluation: on the test part.
        choose: looks at the example of that number.
        more: columns that tell these examples, by their numbers, apart.
    """
    wrong = np.flatnonzero(evaluation.predicted != evaluation.labels)
    wrong = wrong[np.argsort(-evaluation.confidence[wrong], kind="stable")][:MOST_MISTAKES]
    if not len(wrong):
        return
    st.subheader("Mistakes, the surest first")
    columns: dict[str, list[object]] = {
        "Number": [int(place) for place in wrong],
        "It is": [network.classes[evaluation.labels[place]] for place in wrong],
        "Called": [network.classes[evaluation.predicted[place]] for place in wrong],
        "Confidence": [float(evaluation.confidence[place]) for place in wrong],
        **more(wrong),
    }
    tables.pick(
        columns,
        key=f"mistakes-{network.reads}",
        choose=lambda row: choose(int(wrong[row])),
        config={"Confidence": st.column_config.NumberColumn(format="percent")},
        alt=f"The {KINDS[network.reads].many} that it is wrong about, and how sure it is of each",
    )
    home = find_home(network.reads)
    if home is not None:
        st.page_link(
            home.file,
            label=f"Tick a row, and {home.title} tells why",
            icon=home.icon,
            query_params=session.address(),
        )
    tables.take_away(columns, f"{network.fits}-mistakes", key=f"mistakes-{network.reads}-csv", of=network.key)
