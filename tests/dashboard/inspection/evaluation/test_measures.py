"""All measures together, against scikit-learn, and answers that are no numbers."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, f1_score, top_k_accuracy_score

from dashboard.inspection.evaluation.measures import evaluate
from dashboard.records.evaluation import Answers
from models.runtime.errors import UserError


def drawn(count: int = 400, classes: int = 12, seed: int = 0) -> Answers:
    """Answers that are right more often than not."""
    generator = np.random.default_rng(seed)
    labels = generator.integers(classes, size=count)
    logits = generator.normal(size=(count, classes)).astype(np.float32)
    logits[np.arange(count), labels] += 2
    return Answers(logits, labels, np.arange(count), seconds=1.0)


def test_the_whole_against_scikit_learn():
    given = drawn()
    found = evaluate(given)
    predicted = given.logits.argmax(1)
    assert found.accuracy.right == (predicted == given.labels).sum()
    assert found.balanced == pytest.approx(balanced_accuracy_score(given.labels, predicted))
    assert found.macro_f1 == pytest.approx(f1_score(given.labels, predicted, average="macro"))
    assert found.among_five == pytest.approx(top_k_accuracy_score(given.labels, given.logits, k=5))
    assert found.confusion.sum() == 400
    assert found.confusion.trace() == found.accuracy.right
    assert found.nbytes > given.nbytes


def test_answers_that_are_no_numbers_are_left_out_and_counted():
    given = drawn(100)
    given.logits[3, 5], given.logits[8, 0] = np.nan, np.inf
    found = evaluate(given)
    assert (found.left_out, found.accuracy.count, len(found.predicted)) == (2, 98, 98)
    assert not {3, 8} & set(found.answers.indices.tolist())
    with pytest.raises(UserError, match="Not one answer"):
        evaluate(Answers(np.full((4, 3), np.nan, np.float32), np.zeros(4, int), np.arange(4), 1.0))


def test_one_picture_is_enough():
    found = evaluate(drawn(1))
    assert found.accuracy.count == 1
    assert found.temperature is None
