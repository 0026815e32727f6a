"""How good a network is on a labelled set: the pass, what follows from it, and pictures to look at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dashboard.inspection.evaluation import tables as tables_pass
from dashboard.inspection.evaluation import texts as texts_pass
from dashboard.inspection.evaluation.answers import answers as compute_answers
from dashboard.inspection.evaluation.answers import logits
from dashboard.inspection.evaluation.labelled_pictures import LabelledPictures, display
from dashboard.inspection.evaluation.measures import evaluate
from dashboard.records.evaluation import Answers, Evaluation
from dashboard.results.pools import samples
from dashboard.results.result import Result
from dashboard.view import View
from models.classifier import Classifier
from models.runtime.progress import silent
from models.table.classifier import TableClassifier
from models.table.tables import LabelledTable
from models.text.classifier import TextClassifier
from models.text.texts import LabelledTexts


def answers(classifier: Classifier, labelled: LabelledPictures) -> Result[Answers]:
    """One pass, which is kept: a UserError says that no picture can be read."""
    return Result(
        classifier.key,
        "answers",
        (labelled.pool.key,),
        lambda report: compute_answers(classifier, labelled, report),
        f"{classifier.title} over {labelled.pool.title}",
        "slow",
    )


def evaluation(classifier: Classifier, labelled: LabelledPictures, answers: Answers) -> Result[Evaluation]:
    """All numbers that follow from the answers: a UserError says that none of them is finite."""
    return Result(
        classifier.key,
        "evaluation",
        (labelled.pool.key,),
        lambda _: evaluate(answers),
        "Working out the numbers",
    )


def text_evaluation(network: TextClassifier, texts: LabelledTexts, split: str) -> Result[Evaluation]:
    """How good a network is on labelled texts: one pass, and all that follows from it."""
    return Result(
        network.key,
        "evaluation on texts",
        (texts.name, split),
        lambda report: evaluate(texts_pass.answers(network, texts.load(silent), split, report)),
        f"{network.title} over {texts.title}",
        "slow",
    )


def table_evaluation(network: TableClassifier, table: LabelledTable, split: str) -> Result[Evaluation]:
    """How good a network is on labelled rows: one pass, and all that follows from it."""
    return Result(
        network.key,
        "evaluation on a table",
        (table.name, split),
        lambda _: evaluate(tables_pass.answers(network, table.load(), split)),
        f"{network.title} over {table.title}",
    )


def pictures(
    classifier: Classifier, labelled: LabelledPictures, indices: Sequence[int]
) -> Result[list[np.ndarray]]:
    """Some pictures of a set as the network sees them, (H, W, 3) uint8 each: a UserError says that one is gone."""
    return Result(
        classifier.key,
        "pictures of a set",
        (labelled.pool.key, *indices),
        lambda _: display(classifier, labelled.pool, indices),
        "Pictures",
    )


def photo_answers(view: View) -> Result[tuple[np.ndarray, np.ndarray]]:
    """The network's answers to the photos on board, as `logits` gives them."""
    pool = samples(view)
    return Result(
        view.classifier.key,
        "answers to photos",
        (pool.key,),
        lambda report: logits(view.classifier, pool, report),
        f"{view.model.title} over {pool.title}",
        "slow",
    )
