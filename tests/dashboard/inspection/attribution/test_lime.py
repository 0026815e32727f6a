"""LIME: the terms of a sum, drawn a little towards zero by its penalty."""

from __future__ import annotations

import numpy as np
from sklearn.linear_model import Ridge

from dashboard.inspection.attribution.lime import PENALTY, Settings, defaults, preview
from tests.dashboard.inspection.attribution.sums import check_terms, each_baseline


@each_baseline
def test_each_part_of_a_sum_gets_its_term(start):
    # LIME's penalty draws its coefficients a little towards zero.
    found = check_terms("lime", start, tolerance=0.02)
    assert found.outcome.measures["agreement of halves"] > 0.99


def test_the_penalty_hardly_moves_a_fit_of_more_samples_than_parts():
    generator = np.random.default_rng(0)
    shown = generator.integers(0, 2, (200, 4)).astype(float)
    slopes = np.array([1.0, -2.0, 0.5, 3.0])
    assert np.allclose(Ridge(alpha=PENALTY).fit(shown, shown @ slopes).coef_, slopes, atol=1e-4)


def test_a_preview_takes_few_perturbations():
    assert defaults((224, 224)) == Settings(n_perturbations=1000, n_parts=25, baseline="blur")
    assert preview(defaults((28, 28)), (28, 28)) == Settings(n_perturbations=100, n_parts=16, baseline="mean")
