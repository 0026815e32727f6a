"""All that follows from one pass over labelled pictures."""

from __future__ import annotations

import numpy as np

from dashboard.inspection.evaluation import calibration, scores
from dashboard.records.evaluation import Answers, Evaluation
from models.runtime.errors import UserError


def evaluate(answers: Answers) -> Evaluation:
    """How good a network is, by its answers.

    Args:
        answers: pictures whose logits are not finite are left out, and counted.

    Raises:
        UserError: if no picture has finite logits.
    """
    finite = np.isfinite(answers.logits).all(1)
    if not finite.any():
        raise UserError(
            "Not one answer of this network is a finite number; look at the health of its weights."
        )
    usable = (
        answers
        if finite.all()
        else Answers(answers.logits[finite], answers.labels[finite], answers.indices[finite], answers.seconds)
    )
    logits, labels, classes = usable.logits, usable.labels, usable.logits.shape[1]
    predicted = logits.argmax(1)
    return Evaluation(
        answers=usable,
        left_out=int((~finite).sum()),
        predicted=predicted,
        confidence=np.exp(calibration.log_probabilities(logits).max(1)).astype(np.float32),
        accuracy=scores.rate(int((predicted == labels).sum()), len(labels)),
        among_five=scores.top5_accuracy(logits, labels),
        scores=scores.class_scores(labels, predicted, classes),
        confusion=scores.confusion(labels, predicted, classes),
        reliability=calibration.reliability(logits, labels),
        temperature=calibration.temperature(logits, labels),
    )
