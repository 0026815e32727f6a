"""How good a network for texts is on labelled texts, beside its baseline, and where it errs."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dashboard import session
from dashboard.components import look, tables
from dashboard.components.evaluation import measured
from dashboard.components.wait import wait_or_end
from dashboard.navigation import find_home
from dashboard.parameters import TEXT
from dashboard.records.evaluation import Evaluation
from dashboard.results import evaluation as results
from dashboard.selection import Selection
from models.runtime.progress import silent
from models.text import TEXT_SETS
from models.text.baseline import shipped_baseline
from models.text.classifier import TextClassifier
from models.text.texts import LabelledTexts

SPLIT = "test"
MOST_MISTAKES = 100
# Characters of a text that stand in a row of the table.
BEGINNING = 160


def draw(selection: Selection) -> None:
    """The whole view."""
    network = look.network(selection, TextClassifier)
    texts = TEXT_SETS[network.fits]
    evaluation = wait_or_end(results.text_evaluation(network, texts, SPLIT))
    measured.draw(network, evaluation, texts.title, shipped_baseline(texts.name))
    _mistakes(network, texts, evaluation)


def _mistakes(network: TextClassifier, texts: LabelledTexts, evaluation: Evaluation) -> None:
    """The texts that it is wrong about, those of which it is surest first."""
    wrong = np.flatnonzero(evaluation.predicted != evaluation.labels)
    wrong = wrong[np.argsort(-evaluation.confidence[wrong], kind="stable")][:MOST_MISTAKES]
    if not len(wrong):
        return
    st.subheader("Mistakes, the surest first")
    contents = texts.load(silent).texts[SPLIT]
    columns: dict[str, list[object]] = {
        "Text": [int(place) for place in wrong],
        "It is": [network.classes[evaluation.labels[place]] for place in wrong],
        "Called": [network.classes[evaluation.predicted[place]] for place in wrong],
        "Confidence": [float(evaluation.confidence[place]) for place in wrong],
        "Begins": [" ".join(contents[place].split())[:BEGINNING] for place in wrong],
    }
    tables.pick(
        columns,
        key="text-mistakes",
        choose=lambda row: session.choose_parameter(TEXT, int(wrong[row])),
        config={"Confidence": st.column_config.NumberColumn(format="percent")},
        alt="The texts that it is wrong about, and how sure it is of each",
    )
    home = find_home(network.reads)
    if home is not None:
        st.page_link(
            home.file,
            label=f"Tick a row, and {home.title} tells why",
            icon=home.icon,
            query_params=session.address(),
        )
    tables.take_away(columns, f"{texts.name}-mistakes", key="text-mistakes-csv", of=network.key)
