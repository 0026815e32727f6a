"""The views of the Evaluation page: one table, and the choice among them."""

from __future__ import annotations

import streamlit as st

from dashboard.components import say, tabs
from dashboard.components.evaluation import (
    against,
    calibration,
    classes,
    confusion,
    mistakes,
    no_labelled_set,
    sets,
    summary,
)
from dashboard.components.evaluation.subject import EvaluationSubject, wait_for_evaluation
from dashboard.components.tabs import Tab
from dashboard.inspection.evaluation.sets import LabelledSet, available_sets
from dashboard.parameters import SEE, SHEET
from dashboard.view import View
from dashboard.wording.numbers import duration
from models.runtime.errors import UserError

TABS: dict[str, Tab[[EvaluationSubject]]] = {
    "confusion": Tab("Confusion", confusion.draw),
    "classes": Tab("Classes", classes.draw),
    "mistakes": Tab("Mistakes", mistakes.draw),
    "calibration": Tab("Calibration", calibration.draw),
    "against": Tab("Compare", against.draw),
}


def draw(view: View) -> None:
    """How good the network is on the chosen set."""
    available = available_sets(view.model, view.classifier)
    if not available:
        no_labelled_set.draw(view)
        return
    tab = tabs.pick(SEE, TABS, resets=[SHEET])
    top = st.container()
    subject = _subject(view, sets.pick(view, available))
    if subject is None:
        return
    with top:
        summary.finding(subject)
    tab.draw(subject)
    summary.numbers(subject)
    _fine_print(subject)


def _subject(view: View, part: LabelledSet | None) -> EvaluationSubject | None:
    """The evaluation of a set; None where it cannot be had, which is said."""
    if part is None:
        return None
    try:
        labelled = part.read(view.classifier)
        return EvaluationSubject(view, part, labelled, wait_for_evaluation(view.classifier, labelled))
    except UserError as refusal:
        say.problem(str(refusal))
        return None


def _fine_print(subject: EvaluationSubject) -> None:
    evaluation, pool = subject.evaluation, subject.labelled.pool
    pace = evaluation.accuracy.count / max(evaluation.answers.seconds, 1e-9)
    with st.expander("How this is measured", icon=":material/menu_book:"):
        st.caption(
            say.plain(
                f"One pass over {pool.title} in {duration(evaluation.answers.seconds)}, {pace:,.0f} pictures a second; "
                "all numbers here follow from its scores. The class with the largest score is the answer. "
                "The interval is Wilson's, which holds for few pictures too; precision, recall and F1 are those of "
                "scikit-learn."
            )
        )
