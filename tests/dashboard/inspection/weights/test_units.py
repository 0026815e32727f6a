"""Units as rows: their norms, and those that repeat another."""

from __future__ import annotations

import pytest
import torch

from dashboard.inspection.weights.units import are_comparable, duplicates, unit_norms
from models.runtime.randomness import fork_rng
from tests.dashboard.inspection.weights.test_health import trained


def test_duplicates_agree_with_comparing_every_pair():
    with fork_rng(5):
        rows = torch.randn(300, 16)
        rows[200:220] = rows[:20] * (1 + 0.02 * torch.rand(20, 1))
    expected = [
        (first, later)
        for later in range(300)
        for first in range(later)
        if float((rows[first] - rows[later]).norm()) <= 0.01 * float(rows[first].norm())
    ]
    assert sorted(duplicates(rows)) == sorted(expected)
    assert 5 < len(expected) < 20


def test_few_inputs_are_not_taken_for_duplicates_and_too_many_units_are_not_compared():
    assert duplicates(torch.ones(5, 4)) == []
    assert not are_comparable(torch.empty(100_000, 1024, device="meta"))


def test_strengths_are_the_norms_of_the_units():
    tensor = trained()["conv.weight"]
    assert unit_norms(tensor) == pytest.approx(tensor.flatten(1).norm(dim=1).numpy(), rel=1e-6)
