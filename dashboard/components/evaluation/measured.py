"""How good a network is, asked for with progress."""

from __future__ import annotations

from dashboard.components.wait import wait, wait_or_end
from dashboard.inspection.evaluation.labelled_pictures import LabelledPictures
from dashboard.records.evaluation import Evaluation
from dashboard.results import evaluation as results
from models.classifier import Classifier


def wait_for_evaluation(classifier: Classifier, labelled: LabelledPictures) -> Evaluation:
    """How good a network is on a labelled set: one pass, which is kept, and what follows from it.

    Raises:
        UserError: if no picture can be read, or no answer is a number.
    """
    answers = wait_or_end(results.answers(classifier, labelled))
    return wait(results.evaluation(classifier, labelled, answers))
