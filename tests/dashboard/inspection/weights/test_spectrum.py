"""Spectra of matrices whose spectra are known."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from dashboard.inspection.weights.power_law import SHORTEST_TAIL
from dashboard.inspection.weights.spectrum import random_edges, singular_values, spectra
from dashboard.inspection.weights.tensors import facts
from models.classifier import Weights
from models.networks import find_network
from models.runtime.progress import silent
from models.runtime.randomness import fork_rng
from tests import weightwatcher_reference as weightwatcher


def spectrum(tensor: torch.Tensor):
    found = spectra(Weights.of({"a.weight": tensor}, "test")).found
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("shape", [(40, 60), (60, 40), (16, 8, 3, 3), (300, 9)])
def test_singular_values_are_those_of_torch(shape):
    with fork_rng(0):
        tensor = torch.randn(shape)
    expected = torch.linalg.svdvals(tensor.flatten(1).double()).numpy()
    assert singular_values(tensor) == pytest.approx(expected, rel=1e-9)


def test_ranks_and_condition_are_those_of_known_spectra():
    identity = spectrum(torch.eye(20))
    assert (identity.stable_rank, identity.condition) == (pytest.approx(20), pytest.approx(1))
    assert identity.effective_rank == pytest.approx(20)
    one = spectrum(torch.ones(10, 30))
    assert one.stable_rank == pytest.approx(1)
    assert one.effective_rank == pytest.approx(1)
    assert one.condition == np.inf
    two = spectrum(torch.diag(torch.tensor([3.0, 4.0])))
    assert two.stable_rank == pytest.approx(25 / 16)
    shares = np.array([3, 4]) / 7
    assert two.effective_rank == pytest.approx(np.exp(-(shares * np.log(shares)).sum()))
    assert two.condition == pytest.approx(4 / 3)


def test_the_tail_is_that_of_the_squares():
    with fork_rng(0):
        basis, _ = torch.linalg.qr(torch.randn(1000, 1000, dtype=torch.float64))
    squares = (1 - (torch.arange(1000.0, dtype=torch.float64) + 0.5) / 1000) ** (-1 / 1.5)  # alpha 2.5
    law = spectrum(basis @ torch.diag(squares.sqrt())).law
    assert law is not None
    assert law.alpha == pytest.approx(2.5, abs=0.1)


def test_a_random_matrix_keeps_within_its_edges():
    with fork_rng(0):
        tensor = 0.05 * torch.randn(200, 600)
    low, high = random_edges(facts({"a.weight": tensor})[0], 0.05)
    values = singular_values(tensor)
    assert 0.95 * low < values.min() and values.max() < 1.05 * high


def test_what_is_no_matrix_or_not_finite_is_left_out():
    broken = torch.ones(4, 4)
    broken[0, 0] = float("nan")
    found = spectra(
        Weights.of({"a.weight": torch.ones(1, 5), "b.bias": torch.ones(5), "c.weight": broken}, "t")
    )
    assert found.found == ()
    assert found.skipped == ("c.weight",)


@pytest.mark.parametrize("name", weightwatcher.NETWORKS)
def test_tails_are_those_of_weightwatcher(name):
    """The same beginning of the tail gives the same law; where both begin elsewhere, nearly the same."""
    said = json.loads(weightwatcher.FILE.read_text(encoding="utf-8"))[name]
    tensors = find_network(name).load(silent).weights.tensors
    found = spectra(Weights.of({one: tensors[one] for one in said}, "test")).found
    assert len(found) == len(said)
    alike = 0
    for one in found:
        theirs, law = said[one.facts.name], one.law
        assert law is not None
        assert one.stable_rank == pytest.approx(theirs["stable_rank"], rel=1e-4)
        # A tail of fewer numbers is none here.
        if theirs["tail"] >= SHORTEST_TAIL:
            alike += law.tail == theirs["tail"]
            assert law.alpha == pytest.approx(
                theirs["alpha"], rel=1e-4 if law.tail == theirs["tail"] else 0.01
            )
    assert alike >= len(said) // 2


def test_eight_bit_numbers_are_read_as_float32():
    exact = torch.tensor([[2.0, 0.0, 0.0], [0.0, 1.5, 0.0]])
    found = spectra(Weights.of({"a.weight": exact.to(torch.float8_e4m3fn)}, "test")).found
    assert found[0].values == pytest.approx([2.0, 1.5])
