"""A fit on all samples and on either half of them: known coefficients, and which samples each half has."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor
from torch.utils.data import DataLoader, TensorDataset

from dashboard.inspection.attribution.linear_fit import SplitHalfFit


class Noted:
    """A model that notes the scores of the samples that it is fitted on."""

    fits: list[list[float]]

    def fit(self, data: DataLoader[Any]) -> None:
        ((shown, scores, _),) = data
        assert shown.dtype == torch.float64
        self.fits.append(scores.tolist())

    def representation(self) -> Tensor:
        return torch.tensor([float(len(self.fits))])


@pytest.mark.parametrize(
    ("shared", "group", "first", "second"),
    [
        (0, 1, [0, 2, 4, 6], [1, 3, 5, 7]),
        (2, 2, [0, 1, 2, 3, 6, 7], [0, 1, 4, 5]),
    ],
)
def test_halves_have_every_other_group_and_what_is_shared(shared, group, first, second):
    Noted.fits = []
    samples = TensorDataset(torch.ones(8, 3), torch.arange(8.0), torch.ones(8))
    fit = SplitHalfFit(Noted, shared=shared, group=group)
    fit.fit(DataLoader(samples))
    assert Noted.fits == [list(range(8)), first, second]
    assert (fit.whole.tolist(), [half.tolist() for half in fit.halves]) == ([[1]], [[[2]], [[3]]])
    assert fit.representation() is fit.whole
