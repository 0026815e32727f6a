"""The views of the Evaluation page: one table, and the choice among them."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard.components import say, tabs
from dashboard.components.evaluation import (
    against,
    calibration,
    classes,
    confusion,
    learned,
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


def draw(view: View) -> None:
    """How good the network is on labelled pictures, and what it learned from them."""
    if available_sets(view.model, view.classifier):
        tabs.pick(SEE, TABS, resets=[SHEET]).draw(view)
    else:
        no_labelled_set.draw(view)


def _on_set(draw: Callable[[EvaluationSubject], object]) -> Callable[[View], None]:
    """A view of the chosen set, below how good the network is on it."""

    def whole(view: View) -> None:
        top = st.container()
        subject = _subject(view, sets.pick(view, available_sets(view.model, view.classifier)))
        if subject is None:
            return
        with top:
            summary.finding(subject)
        draw(subject)
        summary.numbers(subject)
        _fine_print(subject)

    return whole


TABS: dict[str, Tab[[View]]] = {
    "confusion": Tab("Confusion", _on_set(confusion.draw)),
    "classes": Tab("Classes", _on_set(classes.draw)),
    "mistakes": Tab("Mistakes", _on_set(mistakes.draw)),
    "calibration": Tab("Calibration", _on_set(calibration.draw)),
    "against": Tab("Compare", _on_set(against.draw)),
    "learned": Tab("Learned from", learned.draw),
}


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
