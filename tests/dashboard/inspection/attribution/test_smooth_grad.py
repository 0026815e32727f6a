"""Gradients of noisy copies, averaged: bare Captum's, drawn in two halves that are compared."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from captum.attr import NoiseTunnel, Saliency

from dashboard.inspection.attribution.run import SEED
from models.runtime.randomness import fork_rng
from tests.networks import ConvNet, Linear, built, classifier, explain, pixels, slopes


def test_is_bare_captums():
    of = classifier(built(ConvNet))
    batch = torch.tensor(pixels())[None]
    spread = float(batch.max() - batch.min())
    tunnel = NoiseTunnel(Saliency(of.module))
    settings = {"nt_type": "smoothgrad", "nt_samples": 10, "stdevs": 0.2 * spread, "abs": False, "target": 1}
    with fork_rng(SEED):
        first, second = (
            tunnel.attribute(batch.clone(), nt_samples_batch_size=10, **settings)[0] for _ in range(2)
        )
    found = explain("smooth_grad", of, pixels(), 1, n_copies=20, noise=20)
    assert found.raw is not None
    assert np.allclose(found.raw, (first + second) / 2, atol=1e-6)
    halves = torch.stack([half.abs().flatten() for half in (first, second)])
    agree = float(torch.corrcoef(halves.double())[0, 1])
    assert found.outcome.measures["agreement of halves"] == pytest.approx(agree, abs=1e-4)
    assert (found.outcome.kind == "clean") == (agree >= 0.9)


def test_noise_changes_nothing_on_a_linear_network():
    of = classifier(built(Linear))
    smooth = explain("smooth_grad", of, pixels(), 1)
    assert smooth.values is not None and np.allclose(smooth.values, np.abs(slopes(of)[1]).max(0), atol=1e-6)
    assert smooth.outcome.kind == "clean"
    assert smooth.outcome.measures["agreement of halves"] == pytest.approx(1)
