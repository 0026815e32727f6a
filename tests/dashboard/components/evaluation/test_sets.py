"""The choice among the labelled sets that fit a network."""

from __future__ import annotations

import pytest

from tests.dashboard.components.component import drawn, texts
from tests.dashboard.components.evaluation.evaluated import MLP


def script():
    import streamlit as st

    from dashboard import session
    from dashboard.components.evaluation import sets
    from dashboard.components.look import look
    from dashboard.inspection.evaluation.sets import available_sets

    session.begin()
    view = look(session.visit().selection)
    part = sets.pick(view, available_sets(view.model, view.classifier))
    st.text("none" if part is None else part.name)


@pytest.mark.parametrize(("named", "chosen"), [(None, "test"), ("train", "train"), ("test", "test")])
def test_the_set_of_the_address_or_the_first(named, chosen):
    app = drawn(script, MLP | ({"p.part": named} if named else {}))
    assert (app.text[0].value, app.segmented_control[0].value) == (chosen, chosen)
    assert app.segmented_control[0].options == ["Test", "Learned from"]
    assert not app.warning


@pytest.mark.parametrize(
    ("named", "begins"),
    [("folder", "has no labelled pictures of that kind here"), ("moon", "There is no such set")],
)
def test_a_set_that_is_not_there_is_said(named, begins):
    app = drawn(script, MLP | {"p.part": named})
    (warning,) = texts(app.warning)
    assert begins in warning and warning.endswith("choose one of Test, Learned from.")
    assert app.text[0].value == "test"
