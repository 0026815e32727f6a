"""Random masks: a slow version written from the paper, and what masks look like."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dashboard.inspection.attribution.rise import Masks
from dashboard.inspection.attribution.run import SEED
from models.runtime.randomness import fork_rng
from tests.networks import ConvNet, built, classifier, explain, pixels


def test_is_the_papers_less_the_mean_score():
    of = classifier(built(ConvNet))
    with fork_rng(SEED):
        drawn = Masks.draw(40, 4, (8, 8))[:]
    scores = [float(of.module(mask[None] * torch.tensor(pixels()))[0, 1]) for mask in drawn]
    expected = np.zeros((8, 8))
    for row, column in np.ndindex(8, 8):
        seen = [float(mask[0, row, column]) for mask in drawn]
        expected[row, column] = np.dot(seen, scores) / sum(seen) - np.mean(scores)
    found = explain("rise", of, pixels(), 1, n_masks=40)
    assert found.values is not None and np.allclose(found.values, expected, atol=1e-5)
    assert found.outcome.measures["agreement of halves"] < 1


def test_masks_are_smooth_half_open_and_seldom_alike():
    with fork_rng(0):
        drawn = Masks.draw(400, 4, (16, 24))[:]
    assert drawn.shape == (400, 1, 16, 24)
    assert float(drawn.min()) >= 0 and float(drawn.max()) <= 1 + 1e-6
    assert float(drawn.mean()) == pytest.approx(0.5, abs=0.03)
    assert float(drawn.mean(0).std()) < 0.05, "no place is seen more often than another"
    assert float(drawn.diff(dim=2).abs().max()) <= 1 / 4 + 1e-6, (
        "a cell of four pixels rises in steps of a quarter"
    )
    assert len({mask.numpy().tobytes() for mask in drawn}) > 390
