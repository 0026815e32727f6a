"""A network that adds its pixels up, on which each part's value is its own term."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dashboard.inspection.attribution.baselines import baseline
from dashboard.inspection.attribution.superpixels import grid
from dashboard.records.attribution import Attribution
from models.classifier import Classifier
from tests.networks import Linear, built, classifier, explain, pixels, slopes

each_baseline = pytest.mark.parametrize("start", ["black", "blur"])


def terms(of: Classifier, target: int, start: str) -> np.ndarray:
    """What each cell of a 3 x 3 grid adds to a linear network's logit, on each of its pixels: (8, 8)."""
    begin = baseline(start, torch.tensor(pixels())[None], of.preprocessing)[0].numpy()
    change, parts = (slopes(of)[target] * (pixels() - begin)).sum(0), grid((8, 8), 9)
    totals: np.ndarray = np.bincount(parts.ravel(), change.ravel())[parts]
    return totals


def check_terms(name: str, start: str, tolerance: float = 1e-4) -> Attribution:
    """The map of a method on such a network, each part of which has its term to a share of the largest."""
    of = classifier(built(Linear))
    found = explain(name, of, pixels(), 1, parts="grid", n_parts=9, baseline=start)
    expected = terms(of, 1, start)
    assert found.values is not None
    assert np.allclose(found.values, expected, atol=tolerance * np.abs(expected).max())
    assert found.outcome.kind == "clean"
    return found
