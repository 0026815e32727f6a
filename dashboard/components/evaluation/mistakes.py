"""Mistakes: the pictures that the network is surest of and wrong about, and the hits that it nearly missed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from dashboard.components import choice, say, tables
from dashboard.components.evaluation import gallery
from dashboard.components.evaluation.subject import EvaluationSubject
from dashboard.inspection.evaluation.calibration import log_probabilities
from dashboard.parameters import KIND, SHEET
from dashboard.records.evaluation import Evaluation
from dashboard.wording.evaluation import nearest_misses, surest_mistakes

# Name in the address -> title, and the pictures in their order.
KINDS: dict[str, tuple[str, Callable[[Evaluation], np.ndarray]]] = {
    "mistakes": ("Most confident mistakes", lambda evaluation: sort_places(evaluation, right=False)),
    "hits": ("Least confident hits", lambda evaluation: sort_places(evaluation, right=True)),
}


def sort_places(evaluation: Evaluation, *, right: bool) -> np.ndarray:
    """Places of the hits, least confident first, or of the mistakes, most confident first."""
    places = np.flatnonzero(evaluation.right == right)
    confidence = evaluation.confidence[places]
    return places[np.argsort(confidence if right else -confidence, kind="stable")]


def draw(subject: EvaluationSubject) -> None:
    """One of the two galleries, and every answer as a table to take away."""
    titles = {name: title for name, (title, _) in KINDS.items()}
    kind = choice.segments("Show", KIND, titles, resets=[SHEET], hidden=True, unknown="There are no pictures")
    places = KINDS[kind][1](subject.evaluation)
    if len(places):
        sentence = nearest_misses if kind == "hits" else surest_mistakes
        st.markdown(say.plain(sentence(subject.evaluation.confidence[places])))
        gallery.draw(subject, places, gallery.of_evaluation(subject), kind)
    else:
        st.markdown("There is none.")
    tables.take_away(predictions(subject), "predictions", "predictions-csv", of=subject.view.classifier.key)


def predictions(subject: EvaluationSubject) -> dict[str, list[object]]:
    """Every picture's answer, as columns."""
    evaluation, pool, classes = subject.evaluation, subject.labelled.pool, subject.classes
    logs = log_probabilities(evaluation.answers.logits)
    own = np.exp(logs[np.arange(len(evaluation.labels)), evaluation.labels])
    return {
        "picture": [pool.items[index].title for index in evaluation.answers.indices],
        "address": [pool.items[index].address for index in evaluation.answers.indices],
        "class": [classes[label] for label in evaluation.labels],
        "prediction": [classes[predicted] for predicted in evaluation.predicted],
        "right": [int(right) for right in evaluation.right],
        "confidence": [f"{value:.6f}" for value in evaluation.confidence],
        "probability_of_class": [f"{value:.6f}" for value in own],
    }
