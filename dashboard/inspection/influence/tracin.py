"""TracIn (Pruthi et al. 2020) over a run's checkpoints: what steps along pictures did to the loss of another.

Of the last layer alone, whose gradient is the residual times what it reads (their fast variant).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import softmax

from dashboard.inspection.embedding.features import features, picture_features
from dashboard.inspection.engine.progress import Progress, ignore, within
from dashboard.inspection.influence.head import head_weights, with_one
from dashboard.inspection.passes.pool import Pool
from dashboard.records.embedding import Place
from models.classifier import Classifier


@dataclass(frozen=True, eq=False)
class Moment:
    """A network as it was at a checkpoint.

    Attributes:
        classifier: with the weights of then.
        rate: learning rate of then.
    """

    classifier: Classifier
    rate: float


def tracin(
    moments: Sequence[Moment],
    place: Place,
    pool: Pool,
    labels: np.ndarray,
    pictures: np.ndarray,
    inputs: np.ndarray,
    target: int,
    progress: Progress = ignore,
) -> np.ndarray:
    """TracIn of some pictures on another, (N,): above 0 where steps on one lowered the loss of the other.

    Args:
        moments: at least one.
        place: what the head reads.
        pool: what the network learned from.
        labels: of the pool, class indices.
        pictures: (N,) places in the pool.
        inputs: (C, H, W), normalised, the other picture.
        target: its class.
        progress: called before each batch.
    """
    total = np.zeros(len(pictures))
    for number, moment in enumerate(moments):
        share = within(progress, number / len(moments), (number + 1) / len(moments))
        read = features(moment.classifier, place, pool, share)
        rows = with_one(read.values[np.searchsorted(read.pictures, pictures)])
        own = with_one(picture_features(moment.classifier, place, inputs)[None])
        weights = head_weights(moment.classifier, place.call.name)
        total += moment.rate * products(
            rows, labels[pictures], rows @ weights.T, own[0], (own @ weights.T)[0], target
        )
    return total


def products(
    rows: np.ndarray,
    labels: np.ndarray,
    logits: np.ndarray,
    features: np.ndarray,
    own_logits: np.ndarray,
    target: int,
) -> np.ndarray:
    """Products of the gradients of each row's loss and of the picture's, at one checkpoint, (N,).

    Args:
        rows: (N, D) features with a one behind them.
        labels: (N,) classes.
        logits: (N, C).
        features: (D,) of the picture, with the one.
        own_logits: (C,) of it.
        target: its class.
    """
    classes = np.eye(logits.shape[1])
    residuals = softmax(logits, axis=1) - classes[labels]
    own = softmax(own_logits) - classes[target]
    return np.asarray((residuals @ own) * (rows @ features))
