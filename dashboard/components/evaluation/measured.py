"""The passes behind the Evaluation page, each a job."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dashboard.components.wait import slot, stoppable, wait
from dashboard.inspection.evaluation.labelled_pictures import LabelledPictures, display
from dashboard.jobs import GATE
from dashboard.records.evaluation import Evaluation
from dashboard.results import evaluation as orders
from models.classifier import Classifier


def evaluated(classifier: Classifier, labelled: LabelledPictures) -> Evaluation:
    """How good a network is on a labelled set: one pass, which is kept, and what follows from it.

    Raises:
        UserError: if no picture can be read, or no answer is a number.
    """
    asked = orders.answers(classifier, labelled)
    given = stoppable(asked.key, asked.work, asked.what)
    order = orders.evaluation(classifier, labelled, given)
    return wait(order.submit, order.what, slot())


def pictures(classifier: Classifier, labelled: LabelledPictures, indices: Sequence[int]) -> list[np.ndarray]:
    """Some pictures of a set as the network sees them, (H, W, 3) uint8 each.

    Raises:
        UserError: if one cannot be read any more.
    """
    key = ("pictures", classifier.preprocessing, labelled.pool.key, tuple(indices))
    return wait(
        lambda: GATE.submit(key, lambda _: display(classifier, labelled.pool, indices), lane="quick"),
        "Pictures",
        slot(),
    )
