"""What the views of the Evaluation page look at."""

from __future__ import annotations

import numpy as np

from tests.dashboard.components.component import drawn
from tests.dashboard.components.evaluation.evaluated import MLP, subject


def script():
    import streamlit as st

    from dashboard import session
    from dashboard.components.evaluation.subject import wait_for_evaluation
    from tests.dashboard.components.evaluation.evaluated import subject

    session.begin()
    shown = subject()
    st.text(f"{wait_for_evaluation(shown.view.classifier, shown.labelled).accuracy.share:.6f}")


def test_its_classes_are_those_of_the_logits():
    assert subject().classes == subject().view.classifier.classes
    assert subject().evaluation.answers.logits.shape[1] == len(subject().classes)


def test_the_evaluation_is_that_of_the_scores():
    evaluation = subject().evaluation
    share = float(np.mean(evaluation.answers.logits.argmax(1) == evaluation.labels))
    assert drawn(script, MLP).text[0].value == f"{share:.6f}"
