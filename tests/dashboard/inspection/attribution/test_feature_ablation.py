"""Feature Ablation: bare Captum's, and the terms of a sum."""

from __future__ import annotations

import numpy as np
import torch
from captum.attr import FeatureAblation

from dashboard.inspection.attribution.baselines import baseline
from dashboard.inspection.attribution.superpixels import grid
from tests.dashboard.inspection.attribution.sums import check_terms, each_baseline
from tests.networks import ConvNet, built, classifier, explain, pixels


def test_is_bare_captums():
    of = classifier(built(ConvNet))
    batch = torch.tensor(pixels())[None]
    mask = torch.tensor(grid((8, 8), 9))[None, None]
    start = baseline("blur", batch, of.preprocessing)
    bare = FeatureAblation(of.module).attribute(
        batch, start, target=1, feature_mask=mask, perturbations_per_eval=4
    )
    found = explain("feature_ablation", of, pixels(), 1, parts="grid", n_parts=9, baseline="blur")
    assert found.values is not None and np.allclose(found.values, bare[0, 0], atol=1e-6)


@each_baseline
def test_each_part_of_a_sum_gets_its_term(start):
    check_terms("feature_ablation", start)
