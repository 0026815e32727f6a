"""Parts that come and go: on a network that adds its pixels up, each part's value is its own term."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from captum.attr import FeatureAblation

from dashboard.inspection.attribution.baselines import baseline
from dashboard.inspection.attribution.superpixels import grid
from tests.networks import ConvNet, Linear, built, classifier, explain, pixels, slopes

METHODS = ("feature_ablation", "lime", "kernel_shap", "shapley")


def terms(of, target, start):
    """What each cell of a 3 x 3 grid adds to a linear network's logit, on each of its pixels: (8, 8)."""
    begin = baseline(start, torch.tensor(pixels())[None], of.preprocessing)[0].numpy()
    change, parts = (slopes(of)[target] * (pixels() - begin)).sum(0), grid((8, 8), 9)
    return np.bincount(parts.ravel(), change.ravel())[parts]


@pytest.mark.parametrize("start", ["black", "blur"])
@pytest.mark.parametrize("name", METHODS)
def test_each_part_of_a_sum_gets_its_term(name, start):
    of = classifier(built(Linear))
    found = explain(name, of, pixels(), 1, parts="grid", n_parts=9, baseline=start)
    expected = terms(of, 1, start)
    assert found.values is not None
    # LIME's penalty draws its coefficients a little towards zero.
    assert np.allclose(
        found.values, expected, atol=(0.02 if name == "lime" else 1e-4) * np.abs(expected).max()
    )
    assert found.outcome.kind == "clean"
    if name != "feature_ablation":
        assert found.outcome.measures["agreement of halves"] > 0.99
    if name in ("kernel_shap", "shapley"):
        assert found.outcome.measures["completeness gap"] < 1e-3


def test_feature_ablation_is_bare_captums():
    of = classifier(built(ConvNet))
    batch = torch.tensor(pixels())[None]
    mask = torch.tensor(grid((8, 8), 9))[None, None]
    start = baseline("blur", batch, of.preprocessing)
    bare = FeatureAblation(of.module).attribute(
        batch, start, target=1, feature_mask=mask, perturbations_per_eval=4
    )
    found = explain("feature_ablation", of, pixels(), 1, parts="grid", n_parts=9, baseline="blur")
    assert found.values is not None and np.allclose(found.values, bare[0, 0], atol=1e-6)


def test_shapley_values_and_their_fit_agree_where_parts_act_together():
    of = classifier(built(ConvNet))
    settings: dict[str, Any] = {"parts": "grid", "n_parts": 9, "baseline": "black"}
    fitted = explain("kernel_shap", of, pixels(), 1, n_perturbations=5000, **settings).values
    drawn = explain("shapley", of, pixels(), 1, n_permutations=400, **settings).values
    assert fitted is not None and drawn is not None
    assert np.abs(fitted - drawn).max() < 0.05 * np.abs(drawn).max()
