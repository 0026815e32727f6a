"""A picture with a part painted over, the network's answer to it, and what a map had marked there."""

from __future__ import annotations

import numpy as np
import torch

from dashboard.inspection.attribution.baselines import BASELINES, baseline
from dashboard.inspection.prediction import predict
from dashboard.records.mask import spread
from dashboard.records.whatif import Marked, Repainted
from models.classifier import Classifier

# What may stand in place of what is painted over: the baselines of maps.
FILLS = tuple(BASELINES)


def fill(name: str, inputs: np.ndarray, classifier: Classifier) -> np.ndarray:
    """What stands in place of what is painted over, (C, H, W), normalised.

    Args:
        name: one of FILLS.
        inputs: (C, H, W), normalised, the picture itself.
        classifier: that reads it.
    """
    return np.asarray(baseline(name, torch.tensor(inputs)[None], classifier.preprocessing)[0].numpy())


def hidden_cells(painted: np.ndarray, *, only: bool) -> np.ndarray:
    """What is hidden, (rows, columns) bool: what is painted, or all else; nothing where nothing is painted.

    Args:
        painted: (rows, columns) bool.
        only: whether what is painted is all that is kept.
    """
    return ~painted if only and painted.any() else painted


def repaint(classifier: Classifier, inputs: np.ndarray, cover: np.ndarray, hidden: np.ndarray) -> Repainted:
    """The answer to a picture of which a part is hidden.

    Args:
        classifier: shared; not changed.
        inputs: (C, H, W), normalised.
        cover: the same, what is seen where it is hidden.
        hidden: (rows, columns) bool, cell by cell.
    """
    given = np.where(spread(hidden, inputs.shape[1:]), cover, inputs)
    return Repainted(
        inputs=given,
        picture=as_seen(classifier, given),
        prediction=predict(classifier, given),
    )


def marked(values: np.ndarray, hidden: np.ndarray) -> Marked | None:
    """How much of what speaks for the class in a map, (H, W), lies where a picture is hidden.

    None where nothing in the map speaks for it.
    """
    inside = spread(hidden, (values.shape[0], values.shape[1]))
    positive = np.clip(values, 0, None, dtype=float)
    total = positive.sum()
    return Marked(float(positive[inside].sum() / total), float(inside.mean())) if total > 0 else None


def as_seen(classifier: Classifier, inputs: np.ndarray) -> np.ndarray:
    """What a network reads, (C, H, W), normalised, as people see it, (H, W, 3) uint8."""
    return classifier.preprocessing.display(torch.from_numpy(inputs))
