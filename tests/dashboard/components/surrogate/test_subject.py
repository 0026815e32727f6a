"""What a tree is grown from: the features of the address, and the results behind it."""

from __future__ import annotations

import pytest

from dashboard.results import surrogate as results
from tests.dashboard.components.component import drawn, texts
from tests.dashboard.components.surrogate.imitated import MLP, grown, imitation


def script():
    import streamlit as st

    from dashboard import session
    from dashboard.components.look import look
    from dashboard.components.surrogate import subject

    session.begin()
    imitation = subject.choose_imitation(look(session.visit().selection))
    st.text(imitation.kind.title)
    st.text(str(subject.refusal(imitation)))
    st.text(str(subject.tree(imitation).held_out))
    st.text(str(subject.photo(imitation).answers.tolist()))


def test_the_features_of_the_address_are_asked_about():
    app = drawn(script, MLP)
    title, refusal, held_out, answers = (text.value for text in app.text)
    assert title == imitation().kind.title and refusal == "None"
    assert held_out == str(grown().held_out)
    assert answers == "[7]"
    assert app.segmented_control[0].options == [
        kind.title for kind in results.kinds(imitation().view).values()
    ]


@pytest.mark.slow
@pytest.mark.parametrize("features", ["smell"])
def test_features_that_are_none_are_said(features):
    app = drawn(script, MLP | {"p.features": features})
    assert texts(app.warning)[0].startswith("There are no features called 'smell'; choose one of ")
