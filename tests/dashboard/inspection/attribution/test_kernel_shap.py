"""Kernel SHAP: the terms of a sum, and samples that come with their complements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from dashboard.inspection.attribution.kernel_shap import ENDS, with_complements
from tests.dashboard.inspection.attribution.sums import check_terms, each_baseline


@each_baseline
def test_each_part_of_a_sum_gets_its_term(start):
    found = check_terms("kernel_shap", start)
    assert found.outcome.measures["agreement of halves"] > 0.99
    assert found.outcome.measures["completeness gap"] < 1e-3


def test_each_sample_but_the_ends_is_followed_by_its_complement():
    samples = [[1.0, 1.0, 1.0], [0.0, 0.0, 0.0], [1.0, 0.0, 1.0], [0.0, 0.0, 1.0]]

    def draws(inputs: Tensor, **settings: Any) -> Iterator[Tensor]:
        yield from (torch.tensor([sample]) for sample in samples)

    found = [sample[0].tolist() for sample in with_complements(draws)(torch.ones(1, 3))]
    assert found[:ENDS] == samples[:2]
    assert found[ENDS:] == [samples[2], [0, 1, 0], samples[3], [1, 1, 0]]
