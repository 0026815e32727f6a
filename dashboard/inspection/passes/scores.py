"""The scores of all classes over many pictures: which picture has the highest of each, and which the lowest."""

from __future__ import annotations

import torch

from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.engine.progress import Progress, ignore
from dashboard.inspection.engine.speed import accelerate
from dashboard.inspection.passes.pool import WHOLE, Pool, batches, first_inputs
from dashboard.inspection.passes.reductions import Extremes, finite
from dashboard.records.maximisation import ExtremeScores
from models.classifier import Classifier


def scores(classifier: Classifier, pool: Pool, progress: Progress = ignore) -> ExtremeScores:
    """One pass over the pictures. Scores that are not finite count as zero.

    Args:
        classifier: shared with other threads; not changed.
        pool: at least one picture that can be read.
        progress: told the share done before each batch; what it raises ends the pass.
    """
    example = first_inputs(pool)
    network = accelerate(isolate(classifier.module), classifier, example, use="answers")
    most: Extremes | None = None
    least: Extremes | None = None
    count = 0
    for indices, inputs in batches(pool, example.numel(), WHOLE, progress, singly=classifier.contract.singly):
        with torch.no_grad():
            logits = finite(network(inputs))[0]  # (N, classes)
        places = torch.zeros_like(logits, dtype=torch.int64)
        highest, lowest = (Extremes.of(values, places, indices, 1) for values in (logits, -logits))
        most = highest if most is None else most.merge(highest)
        least = lowest if least is None else least.merge(lowest)
        count += len(indices)
    assert most is not None and least is not None, "a pool has at least one picture"
    return ExtremeScores(
        pictures=count,
        highest=most.values[:, 0].numpy(),
        most=most.pictures[:, 0].numpy(),
        lowest=-least.values[:, 0].numpy(),
        least=least.pictures[:, 0].numpy(),
    )
