"""A network that forgets, and the rank correlation of two maps."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from scipy import stats

from dashboard.inspection.faithfulness.randomisation import randomise, rank_correlation
from tests.networks import ConvNet, built, classifier, pixels, untouched


def test_rank_correlation_is_spearmans():
    generator = np.random.default_rng(0)
    for one, other in itertools.pairwise(generator.integers(-5, 6, (6, 9, 7))):
        expected = stats.spearmanr(np.abs(one).ravel(), np.abs(other).ravel()).statistic
        assert rank_correlation(one, other) == pytest.approx(expected)
    assert rank_correlation(one, -3.0 * one) == pytest.approx(1)
    assert rank_correlation(one, np.zeros_like(one)) == 0


def test_a_network_forgets_all_it_learned_and_the_shared_one_nothing():
    of, inputs = classifier(built(ConvNet)), pixels()
    with untouched(of.module):
        forgetful = randomise(of, inputs)
        again = randomise(of, inputs)
    for name, tensor in forgetful.module.state_dict().items():
        assert torch.equal(tensor, again.module.state_dict()[name])
        if name.endswith("weight") and not name.startswith("bn"):
            assert not torch.allclose(tensor, of.module.state_dict()[name])
    assert not any(layer.training for layer in forgetful.module.modules())
