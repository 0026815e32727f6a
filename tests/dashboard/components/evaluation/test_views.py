"""The Evaluation page: the set on top, one view below, and the way out where nothing is labelled."""

from __future__ import annotations

import pytest

from dashboard.components.evaluation.views import TABS
from tests.dashboard.components.component import on_view, texts
from tests.dashboard.components.evaluation.evaluated import MLP, subject


def test_the_first_view_is_the_confusion_below_the_choice_of_views():
    app = on_view("evaluation.views", address=MLP)
    assert app.segmented_control[0].options == [tab.title for tab in TABS.values()]
    assert app.segmented_control[0].value == "confusion"
    assert app.segmented_control[1].label == "Labelled pictures"
    assert f"{subject().evaluation.accuracy.share:.0%}".rstrip("%") in texts(app.header)[0]
    assert texts(app.caption)[-1].startswith("One pass over the 2,000 test pictures of MNIST 10k in ")


@pytest.mark.slow
def test_a_network_for_photographs_has_no_labelled_pictures_here():
    app = on_view("evaluation.views", address={"model": "squeezenet1_1", "image": "cat_chelsea"})
    assert "cannot be measured here: no labelled pictures fit it." in texts(app.header)[0]
