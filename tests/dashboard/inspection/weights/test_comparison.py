"""Changes against closed forms."""

from __future__ import annotations

import math

import pytest
import torch

from dashboard.inspection.weights.comparison import BARELY, TRAINED, change, comparison, unit_changes, verdict
from dashboard.inspection.weights.tensors import CHUNK, facts
from models.classifier import Weights
from models.runtime.randomness import fork_rng


def changed(now: torch.Tensor, before: torch.Tensor):
    return change(facts({"a.weight": now})[0], now, before)


def test_a_scaled_tensor_keeps_its_direction():
    with fork_rng(0):
        before = torch.randn(64, 2 * CHUNK // 64 + 3)
    found = changed(1.25 * before, before)
    assert found.relative == pytest.approx(0.25, rel=1e-6)
    assert found.cosine == pytest.approx(1)
    assert found.verdict == "trained"


def test_a_turned_tensor_moves_by_twice_the_sine_of_half_the_angle():
    angle = 1.2
    before = torch.tensor([[3.0, 0.0], [0.0, 4.0]], dtype=torch.float64)
    turn = torch.tensor(
        [[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]], dtype=torch.float64
    )
    found = changed(before @ turn.T, before)
    assert found.cosine == pytest.approx(math.cos(angle))
    assert found.relative == pytest.approx(2 * math.sin(angle / 2))
    assert found.verdict == "rewritten"


def test_the_opposite_is_rewritten():
    before = torch.ones(4, 4)
    found = changed(-before, before)
    assert (found.relative, found.cosine, found.largest, found.verdict) == (2, -1, 2, "rewritten")


def test_what_is_equal_is_frozen_and_what_a_type_rounds_is_said_to_be():
    with fork_rng(0):
        before = torch.randn(40, 40)
    assert changed(before.clone(), before).verdict == "frozen"
    assert changed(before.half(), before).verdict == "rounded"
    assert changed(before.bfloat16(), before).verdict == "rounded"
    # In one format, so small a change is training's.
    assert changed(before + 1e-5, before).verdict == "barely trained"


@pytest.mark.parametrize(
    ("relative", "cosine", "expected"),
    [
        (0.0, 1.0, "frozen"),
        (BARELY / 2, 1.0, "barely trained"),
        (BARELY, 1.0, "trained"),
        (TRAINED - 0.01, 0.99, "trained"),
        (TRAINED, 0.99, "rewritten"),
        (0.4, 0.4, "rewritten"),
        (math.inf, 0.0, "rewritten"),
    ],
)
def test_limits_are_those_that_are_stated(relative, cosine, expected):
    assert verdict(relative, cosine) == expected


def test_what_was_zero_moved_infinitely():
    found = changed(torch.ones(2, 2), torch.zeros(2, 2))
    assert (found.relative, found.cosine, found.verdict) == (math.inf, 0, "rewritten")
    assert changed(torch.zeros(2, 2), torch.zeros(2, 2)).verdict == "frozen"


def test_numbers_that_are_not_finite_in_one_of_both_are_left_out():
    now, before = torch.tensor([[1.0, float("nan"), 2.0]]), torch.tensor([[1.0, 1.0, float("inf")]])
    found = changed(now, before)
    assert (found.broken, found.relative) == (2, 0)


def test_another_layout_in_memory_is_the_same_tensor():
    with fork_rng(0):
        before = torch.randn(6, 5, 3, 3)
    now = before.to(memory_format=torch.channels_last)
    assert changed(now, before).relative == 0


def test_units_that_moved_are_found():
    with fork_rng(0):
        before = torch.randn(200, 3, 3, 3)
    now = before.clone()
    now[17] *= 1.5
    now[150] = 0
    moved = unit_changes(now, before)
    assert moved[17] == pytest.approx(0.5)
    assert moved[150] == pytest.approx(1)
    assert (moved > 0).sum() == 2
    before[3] = 0
    assert unit_changes(now, before)[3] == math.inf


def test_what_only_one_has_is_listed():
    first = {"a.weight": torch.ones(2, 2), "b.weight": torch.ones(2, 3), "c.weight": torch.ones(1, 2)}
    other = {"a.weight": torch.ones(2, 2), "b.weight": torch.ones(3, 3), "d.bias": torch.ones(2)}
    found = comparison(Weights.of(first, "first"), Weights.of(other, "other"))
    assert [one.facts.name for one in found.changes] == ["a.weight"]
    assert (found.added, found.removed) == (("c.weight",), ("d.bias",))
    assert found.reshaped == (("b.weight", (2, 3), (3, 3)),)
