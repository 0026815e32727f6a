"""What the views of the Evaluation page look at."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.components.wait import wait, wait_or_end
from dashboard.inspection.evaluation.labelled_pictures import LabelledPictures
from dashboard.inspection.evaluation.sets import LabelledSet
from dashboard.records.evaluation import Evaluation
from dashboard.results import evaluation as results
from dashboard.view import View
from models.classifier import Classifier


@dataclass(frozen=True, eq=False)
class EvaluationSubject:
    """One network on one labelled set.

    Attributes:
        view: the network.
        part: the set, for other networks too.
        labelled: the set as the network reads it.
        evaluation: how good the network is on it.
    """

    view: View
    part: LabelledSet
    labelled: LabelledPictures
    evaluation: Evaluation

    @property
    def classes(self) -> tuple[str, ...]:
        """One name per logit."""
        return self.view.classifier.classes


def wait_for_evaluation(classifier: Classifier, labelled: LabelledPictures) -> Evaluation:
    """How good a network is on a labelled set: one pass, which is kept, and what follows from it.

    Raises:
        UserError: if no picture can be read, or no answer is a number.
    """
    answers = wait_or_end(results.answers(classifier, labelled))
    return wait(results.evaluation(classifier, labelled, answers))
