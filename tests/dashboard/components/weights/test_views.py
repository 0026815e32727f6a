"""The views of the Weights page: which the address names, now and in older links."""

from __future__ import annotations

import pytest

from dashboard.components.weights.views import TABS
from tests.dashboard.components.component import texts
from tests.dashboard.components.weights.weighed import shown_by


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ({}, "distributions"),
        ({"p.aspect": "footprint"}, "footprint"),
        ({"p.view": "footprint"}, "footprint"),
        ({"p.view": "footprint", "p.aspect": "filters"}, "filters"),
        ({"p.view": "embedding"}, "distributions"),
    ],
)
def test_the_view_of_the_address_answers_its_question(address, name):
    app = shown_by("views", address)
    assert app.segmented_control[0].value == name
    assert texts(app.caption)[0] == TABS[name].question
    assert not app.warning and len(app.header) == 1


def test_every_view_asks_another_question():
    questions = [tab.question for tab in TABS.values()]
    assert all(question.endswith("?") for question in questions) and len(set(questions)) == len(TABS)
