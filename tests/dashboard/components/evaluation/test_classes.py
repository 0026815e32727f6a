"""Precision, recall and F1 of every class, the weakest first."""

from __future__ import annotations

import numpy as np

from dashboard.components.evaluation import classes
from tests.dashboard.components.component import chart, columns
from tests.dashboard.components.evaluation.evaluated import shown_by, subject


def test_the_weakest_class_comes_first():
    scores, app = subject().evaluation.scores, shown_by(classes.draw)
    order = classes.classes_by_f1(subject())
    assert order == sorted(range(10), key=lambda index: scores.f1[index])
    table = columns(app)
    assert table["Class"] == [str(index) for index in order]
    np.testing.assert_allclose(table["F1"], scores.f1[order])
    np.testing.assert_allclose(table["Recall"], scores.recall[order])
    assert sum(table["Pictures"]) == subject().evaluation.accuracy.count
    assert {"Precision", "Recall"} <= {trace.get("name") for trace in chart(app, "class-scores")["data"]}
