"""Mistakes and near misses: which pictures, in which order, and what a table says of all."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.components.evaluation import mistakes
from tests.dashboard.components.component import texts
from tests.dashboard.components.evaluation.evaluated import shown_by, subject


@pytest.mark.parametrize("right", [True, False])
def test_places_are_sorted_by_how_surprising_they_are(right):
    evaluation = subject().evaluation
    places = mistakes.sort_places(evaluation, right=right)
    assert set(places.tolist()) == set(np.flatnonzero(evaluation.right == right).tolist())
    steps = np.diff(evaluation.confidence[places])
    assert (steps >= 0).all() if right else (steps <= 0).all()


def test_the_surest_mistakes_come_first_and_hits_when_asked():
    app = shown_by(mistakes.draw)
    assert app.segmented_control[0].value == "mistakes"
    assert shown_by(mistakes.draw, {"p.kind": "hits"}).segmented_control[0].value == "hits"
    (warning,) = texts(shown_by(mistakes.draw, {"p.kind": "both"}).warning)
    assert warning == "There are no pictures called 'both'; choose one of mistakes, hits."


def test_the_table_has_every_answer():
    evaluation, table = subject().evaluation, mistakes.predictions(subject())
    assert len(table["picture"]) == evaluation.accuracy.count
    assert sum(int(str(right)) for right in table["right"]) == evaluation.accuracy.right
    assert table["class"][0] == str(int(evaluation.labels[0]))
    assert 0 <= float(str(table["probability_of_class"][0])) <= 1
