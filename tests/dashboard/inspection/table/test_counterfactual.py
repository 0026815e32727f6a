"""Counterfactuals turn the answer within bounds, with as few columns as there must be, or say that none were found."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from dashboard.inspection.table.counterfactual import counterfactual
from models.kinds import TABLE
from models.networks import find_network, on_board
from models.runtime.progress import silent
from models.table import TABLE_SETS
from models.table.columns import Columns, Field

DRAWS = np.random.default_rng(0)
DATA = DRAWS.normal(size=(60, 4)).round(3)
DATA[:, 3] = DRAWS.integers(0, 9, 60)
COLUMNS = Columns.of([Field(name) for name in ("a", "b", "c", "whole")], DATA)
CENTRE = DATA.mean(0)
CLASSES = ("no", "yes")


class Threshold(nn.Module):
    """ "yes" where a weighted sum of centred columns is above a threshold."""

    def __init__(self, weights, threshold):
        super().__init__()
        self.weights, self.threshold = torch.tensor(weights), threshold

    def forward(self, rows):
        score = rows @ self.weights - self.threshold
        return torch.stack([torch.zeros_like(score), score], 1)


def search(weights, threshold, fixed=(), row=None):
    start = CENTRE if row is None else row
    return counterfactual(Threshold(weights, threshold), COLUMNS, start, DATA, CLASSES, fixed)


def assert_sound(found, start, columns=COLUMNS):
    assert found.found and found.after.winner != found.before.winner
    for place, column in enumerate(columns.columns):
        low, high = min(column.low, start[place]), max(column.high, start[place])
        assert low <= found.row[place] <= high
        assert (found.row[place] != start[place]) == (place in found.columns)
        if column.whole and place in found.columns:
            assert float(found.row[place]).is_integer()


def test_one_column_is_changed_by_as_little_as_does():
    found = search([1.0, 0.1, 0.0, 0.0], 1.0)
    assert_sound(found, CENTRE)
    assert found.columns == (0,)
    assert found.row[0] - CENTRE[0] == pytest.approx(1, abs=2e-3)


def test_what_cannot_change_stays_and_another_column_does_it():
    found = search([1.0, 0.9, 0.0, 0.0], 1.0, fixed=(0,))
    assert_sound(found, CENTRE)
    assert found.columns == (1,)


def test_a_whole_column_stays_whole():
    found = search([0.0, 0.0, 0.0, 1.0], 1.5)
    assert_sound(found, CENTRE)
    assert found.columns == (3,) and found.row[3] == np.floor(CENTRE[3] + 1.5) + 1


def test_two_are_changed_where_one_is_not_enough():
    most = COLUMNS.columns[0].high - COLUMNS.columns[0].centre
    found = search([1.0, 1.0, 0.0, 0.0], 1.05 * most)
    assert_sound(found, CENTRE)
    assert found.columns in ((0, 1), (1,))


def test_three_are_found_where_no_pair_does():
    reach = [column.high - column.centre for column in COLUMNS.columns[:3]]
    found = search([1.0, 1.0, 1.0, 0.0], 0.95 * sum(reach))
    assert_sound(found, CENTRE)
    assert found.columns == (0, 1, 2)


def test_none_is_a_finding():
    found = search([1.0, 1.0, 1.0, 1.0], 1e6)
    assert not found.found and found.after.winner == found.before.winner and found.tried > 1000
    assert not search([1.0, 0.0, 0.0, 0.0], 1.0, fixed=range(4)).found


def test_how_far_it_is_from_the_data_is_measured():
    found = search([1.0, 0.0, 0.0, 0.0], 1.0)
    by_hand = (np.abs(DATA - found.row) / COLUMNS.spreads).sum(1).min()
    assert found.distance == pytest.approx(by_hand)
    pairs = (np.abs(DATA[:, None] - DATA) / COLUMNS.spreads).sum(2)
    own = np.array([np.delete(row, place).min() for place, row in enumerate(pairs)])
    assert found.usual == pytest.approx(np.median(own))
    assert found.as_far == pytest.approx((own >= by_hand).mean())


@pytest.mark.parametrize("name", on_board(TABLE))
def test_rows_of_every_table_that_ships_are_turned(name):
    network = find_network(name).load(silent)
    rows = TABLE_SETS[network.fits].load()
    for start in rows.values["test"][:4]:
        found = counterfactual(network.module, network.columns, start, rows.values["train"], network.classes)
        assert_sound(found, start, network.columns)
        assert len(found.columns) <= 5


KINDS = Columns.of(
    [Field("kind", tuple("abcdefghijklmnopqrst")), Field("size"), Field("gap")],
    np.column_stack([np.arange(60) % 20, DATA[:, 0], np.where(np.arange(60) % 2, np.nan, DATA[:, 1])]),
)


def test_categories_are_swapped_whole_and_what_is_not_known_stays():
    # "yes" only of the kind q, one of twenty, which a coarse grid would miss.
    weights = [0.0] * KINDS.width
    weights[16] = 5.0
    row = np.array([3.0, 0.1, np.nan])
    rows = np.column_stack([np.arange(60) % 20, DATA[:, 0], np.full(60, np.nan)])
    found = counterfactual(Threshold(weights, 2.0), KINDS, row, rows, CLASSES)
    assert found.columns == (0,) and found.after.winner == 1
    np.testing.assert_array_equal(found.row, [16, 0.1, np.nan])
    # Another kind is as far as one spread of a number.
    assert found.distance == pytest.approx(KINDS.distance(rows, found.row).min())
