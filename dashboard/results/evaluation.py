"""How good a network is on a labelled set: the pass, and what follows from it."""

from __future__ import annotations

from dashboard.inspection.evaluation.answers import answers as given_answers
from dashboard.inspection.evaluation.labelled_pictures import LabelledPictures
from dashboard.inspection.evaluation.measures import evaluate
from dashboard.records.evaluation import Answers, Evaluation
from dashboard.results.result import Order
from models.classifier import Classifier, NetworkKey


def answers(classifier: Classifier, labelled: LabelledPictures) -> Order[Answers]:
    """One pass, which is kept: a UserError says that no picture can be read."""
    return Order(
        ("answers", *_of(classifier, labelled)),
        lambda report: given_answers(classifier, labelled, report),
        f"{classifier.title} over {labelled.pool.title}",
        "slow",
    )


def evaluation(classifier: Classifier, labelled: LabelledPictures, given: Answers) -> Order[Evaluation]:
    """All numbers that follow from the answers: a UserError says that none of them is finite."""
    return Order(
        ("evaluation", *_of(classifier, labelled)), lambda _: evaluate(given), "Working out the numbers"
    )


def _of(classifier: Classifier, labelled: LabelledPictures) -> tuple[NetworkKey, str]:
    return classifier.key, labelled.pool.key
