"""Random ways from several baselines: bare Captum's draws, and what a linear network must get."""

from __future__ import annotations

import numpy as np
import torch
from captum.attr import GradientShap

from dashboard.inspection.attribution.baselines import all_baselines
from dashboard.inspection.attribution.run import SEED
from models.runtime.randomness import fork_rng
from tests.networks import ConvNet, Linear, built, classifier, explain, pixels, slopes


def test_is_bare_captums_drawn_in_two_halves():
    of = classifier(built(ConvNet))
    batch = torch.tensor(pixels())[None]
    with fork_rng(SEED):
        halves = [
            GradientShap(of.module).attribute(
                batch, all_baselines(batch, of.preprocessing), n_samples=10, target=1
            )[0]
            for _ in range(2)
        ]
    found = explain("gradient_shap", of, pixels(), 1, n_points=20)
    change = found.outcome.measures
    joined = [half.detach().sum(0).flatten().double() for half in halves]
    assert abs(change["agreement of halves"] - float(torch.corrcoef(torch.stack(joined))[0, 1])) < 1e-4
    if found.raw is not None:
        assert np.allclose(found.raw, (halves[0] + halves[1]).detach() / 2, atol=1e-6)


def test_of_a_linear_network_draws_until_it_adds_up():
    of = classifier(built(Linear))
    found = explain("gradient_shap", of, pixels(), 1)
    assert found.raw is not None
    mean = all_baselines(torch.tensor(pixels())[None], of.preprocessing).mean(0).numpy()
    expected = slopes(of)[1] * (pixels() - mean)
    assert np.corrcoef(found.raw.ravel(), expected.ravel())[0, 1] > 0.95
    assert found.outcome.measures["completeness gap"] < 0.05
    assert found.outcome.measures["agreement of halves"] > 0.9
