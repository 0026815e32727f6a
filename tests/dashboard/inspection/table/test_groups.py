"""Rates of groups are counted right, whatever labels are called, and equal groups are not told apart."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.inspection.table.groups import FEWEST, group_rows, groups
from models.table.columns import Columns, Field

KINDS = Columns.of([Field("kind", ("a", "b", "tiny"))], np.array([[0.0], [1], [2]])).columns[0]


def test_rates_are_shares_of_the_right_rows():
    kind = np.repeat([0.0, 1, 2, np.nan], [40, 20, FEWEST - 1, 5])
    labels = np.zeros(len(kind), np.int64)
    labels[:20], labels[40:50] = 1, 1
    answers = labels.copy()
    answers[:5] = 0  # a: 5 of 20 missed
    answers[30:40] = 1  # a: 10 of 20 wrongly called
    found = groups(KINDS, kind, answers, labels, 1)
    assert found.counts.tolist() == [40, 20, FEWEST - 1] and found.missing == 5
    a, b, tiny = found.rates["called"]
    assert (a.share, b.share, tiny.share) == (25 / 40, 10 / 20, None)
    assert found.rates["missed"][0].share == 5 / 20 and found.rates["missed"][0].count == 20
    assert found.rates["wrongly"][0].share == 10 / 20
    assert found.rates["right"][0].share == 25 / 40 and found.rates["right"][1].share == 1
    assert a.gap is not None and a.gap[0] == pytest.approx(25 / 40 - 10 / (20 + FEWEST - 1))
    assert a.gap[1] < a.gap[0] < a.gap[2] and a.low < 25 / 40 < a.high


def test_a_group_without_positives_has_no_share_of_them_missed():
    """fairlearn gives a perfect network an equalized-odds gap of 1.0 there."""
    kind = np.repeat([0.0, 1], 30)
    labels = np.repeat([1, 0], 30)
    found = groups(KINDS, kind, labels, labels, 1)
    assert [rate.share for rate in found.rates["missed"]] == [0.0, None, None]
    assert all(rate.gap is None for rate in found.rates["missed"])
    assert [rate.share for rate in found.rates["wrongly"]] == [None, 0.0, None]


def test_groups_that_are_treated_alike_are_told_apart_in_one_of_twenty():
    """An interval of the largest less the smallest held 0 in none of 40 sets; of a signed gap it does in 95 %."""
    draws, clear = np.random.default_rng(0), 0
    for _ in range(600):
        kind = draws.integers(0, 2, 300).astype(float)
        answers = (draws.random(300) < 0.4).astype(np.int64)
        gap = groups(KINDS, kind, answers, answers, 1).rates["called"][0].gap
        assert gap is not None
        clear += gap[1] > 0 or gap[2] < 0
    assert 0.025 < clear / 600 < 0.08


def test_numbers_fall_into_equal_parts():
    values = np.r_[np.arange(100.0), np.nan]
    column = Columns.of([Field("n")], values[:, None]).columns[0]
    of, names = group_rows(column, values)
    assert np.bincount(of[:-1]).tolist() == [25, 25, 25, 25] and of[-1] == -1
    assert names[0] == "0 to 24" and names[-1] == "74 to 99"
    same = Columns.of([Field("n")], np.full((5, 1), 3.0)).columns[0]
    assert group_rows(same, np.full(5, 3.0))[1] == ("3",)
    ties = np.repeat([0.0, 1], [90, 10])
    of, names = group_rows(Columns.of([Field("n")], ties[:, None]).columns[0], ties)
    assert len(names) == 1 and set(of.tolist()) == {0}
