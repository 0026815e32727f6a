"""Sizes of tensors and ranks of spectra, from numbers that are known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dashboard.records.histogram import Histogram
from dashboard.records.weights import (
    CHANGE_VERDICTS,
    Change,
    Comparison,
    Distributions,
    Filters,
    PowerLaw,
    Role,
    Spectrum,
    TensorFacts,
    TensorSummary,
)


def facts(name: str, role: Role = "weight") -> TensorFacts:
    return TensorFacts(name, "layer", role, "Linear", "float32", (2, 3), (3, 2))


def summary(name: str = "a", *, bins: int = 1, nan: int = 1) -> TensorSummary:
    edges = np.arange(bins + 1.0)
    histogram = Histogram(edges[:-1], edges[1:], np.ones(bins))
    return TensorSummary(facts(name), nan, 0, 0, 0, 3.0, 4.0, -9.0, 5.0, 0.0, histogram)


def test_norm_and_size_follow_from_mean_and_spread():
    found = summary()
    assert (found.facts.count, found.finite, found.largest) == (6, 5, 9.0)
    assert found.rms == pytest.approx(5.0) and found.norm == pytest.approx(5 * math.sqrt(5))
    assert math.isnan(summary(nan=6).norm)


def test_tensors_are_found_by_role_and_name():
    found = Distributions((summary("a"), summary("b", bins=0)))
    assert [one.facts.name for one in found.of("weight")] == ["a"]
    assert found.find("b") is found.tensors[1] and found.find("c") is None


def test_changes_are_found_by_role():
    change = Change(facts("a", "bias"), 0.1, 1.0, 0.2, "trained", 0)
    found = Comparison((change,), (), (), ())
    assert found.of("bias") == (change,) and found.of("weight") == ()
    assert CHANGE_VERDICTS[0] == "frozen" and CHANGE_VERDICTS[-1] == "rewritten"


def test_ranks_of_equal_singular_values_are_their_number():
    found = Spectrum(facts("a"), np.full(4, 2.0), None)
    assert [found.stable_rank, found.effective_rank, found.condition] == pytest.approx([4, 4, 1])


def test_ranks_of_one_direction_are_one_and_of_none_are_no_number():
    found = Spectrum(facts("a"), np.array([3.0, 0, 0]), None)
    assert [found.stable_rank, found.effective_rank, found.condition] == pytest.approx([1, 1, math.inf])
    assert math.isnan(Spectrum(facts("a"), np.zeros(3), None).stable_rank)


def test_a_power_law_is_plausible_where_it_misses_little():
    assert PowerLaw(2.5, 1.0, 0.02, 100).plausible and not PowerLaw(2.5, 1.0, 0.5, 100).plausible


def test_tiles_of_three_channels_are_colours():
    assert (
        Filters((np.zeros((5, 5, 3)),), ("0",), 1).colour
        and not Filters((np.zeros((5, 5)),), ("0",), 1).colour
    )
