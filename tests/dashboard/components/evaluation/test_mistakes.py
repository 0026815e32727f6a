"""In which order mistakes and hits are shown."""

from __future__ import annotations

import numpy as np

from dashboard.components.evaluation import mistakes
from dashboard.inspection.evaluation.measures import evaluate
from dashboard.records.evaluation import Answers


def test_the_most_confident_mistakes_and_the_least_confident_hits_come_first():
    logits = np.array([[1, 0], [3, 0], [2, 0], [0, 1], [0, 4]], dtype=np.float32)
    found = evaluate(Answers(logits, np.array([0, 1, 1, 1, 1]), np.arange(5), 1.0))
    assert mistakes.sort_places(found, right=False).tolist() == [1, 2]
    assert mistakes.sort_places(found, right=True).tolist() == [0, 3, 4]
