"""One pass of a network over pictures: its logits, batch by batch."""

from __future__ import annotations

import time

import numpy as np
import torch
from torch import Tensor

from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.engine.progress import Progress, ignore
from dashboard.inspection.engine.speed import accelerate
from dashboard.inspection.evaluation.labelled_pictures import LabelledPictures
from dashboard.inspection.passes.pool import WHOLE, Pool, batches, first_inputs
from dashboard.records.evaluation import Answers
from models.classifier import Classifier


def answers(classifier: Classifier, labelled: LabelledPictures, progress: Progress = ignore) -> Answers:
    """What a network answers to each of the labelled pictures that can be read.

    Args:
        classifier: shared with other threads; not changed.
        labelled: at least one picture that can be read.
        progress: told the share done before each batch; what it raises ends the pass.

    Raises:
        UserError: if not one picture can be read.
    """
    started = time.perf_counter()
    indices, values = logits(classifier, labelled.pool, progress)
    return Answers(
        logits=values,
        labels=labelled.labels[indices],
        indices=indices,
        seconds=time.perf_counter() - started,
    )


def logits(classifier: Classifier, pool: Pool, progress: Progress = ignore) -> tuple[np.ndarray, np.ndarray]:
    """Places of the pictures that can be read, (N,) int64, and the network's logits, (N, classes) float32.

    Raises:
        UserError: if not one picture can be read.
    """
    example = first_inputs(pool)
    network = accelerate(isolate(classifier.module), classifier, example, use="answers")
    places: list[Tensor] = []
    rows: list[Tensor] = []
    for indices, inputs in batches(pool, example.numel(), WHOLE, progress, singly=classifier.contract.singly):
        with torch.no_grad():
            rows.append(network(inputs).float())
        places.append(indices)
    return torch.cat(places).numpy(), torch.cat(rows).numpy()
