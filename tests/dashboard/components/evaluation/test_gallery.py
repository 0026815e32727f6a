"""Pictures of a set, each with what the network says, a sheet at a time."""

from __future__ import annotations

import numpy as np

from dashboard.components.evaluation import gallery
from dashboard.components.evaluation.subject import EvaluationSubject
from tests.dashboard.components.component import alternatives, left, sound, texts
from tests.dashboard.components.evaluation.evaluated import shown_by, subject


def draw(shown: EvaluationSubject) -> None:
    gallery.draw(shown, np.arange(40), gallery.of_evaluation(shown), "all")


def test_a_sheet_of_pictures_with_their_answers():
    app = shown_by(draw)
    assert len(alternatives(app)) == gallery.SHOWN
    shot = gallery.of_evaluation(subject())(0)
    item = subject().labelled.pool.items[shot.index]
    assert alternatives(app)[0] == f"{item.title}: {shot.says}"
    assert f"1 to {gallery.SHOWN} of 40" in texts(app.caption)


def test_a_mistake_is_asked_about_against_what_it_is():
    evaluation = subject().evaluation
    wrong = int(np.flatnonzero(~evaluation.right)[0])
    shot = gallery.of_evaluation(subject())(wrong)
    assert shot.versus == int(evaluation.labels[wrong])
    assert f"called {int(evaluation.predicted[wrong])} (" in shot.says
    assert gallery.of_evaluation(subject())(int(np.flatnonzero(evaluation.right)[0])).versus is None


def test_the_next_sheet_is_in_the_address():
    app = shown_by(draw)
    sound(app.button(key="all-Next").click().run())
    assert left(app)["p.sheet"] == "1"
    assert f"{gallery.SHOWN + 1} to {2 * gallery.SHOWN} of 40" in texts(app.caption)
