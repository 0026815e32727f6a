"""A painted picture: what the network reads, what it answers, and what a map had marked there."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dashboard.inspection.prediction import predict
from dashboard.inspection.whatif import brush
from tests.networks import Linear, built, classifier, pixels

NETWORK = classifier(built(Linear))
INPUTS = pixels()


@pytest.mark.parametrize("name", brush.FILLS)
def test_everything_painted_is_the_fills_own_answer(name):
    cover = brush.fill(name, INPUTS, NETWORK)
    assert cover.shape == INPUTS.shape and cover.dtype == np.float32
    found = brush.repaint(NETWORK, INPUTS, cover, np.ones((8, 8), bool))
    assert np.array_equal(found.inputs, cover)
    assert np.array_equal(found.prediction.logits, predict(NETWORK, cover).logits)
    assert np.array_equal(found.picture, NETWORK.preprocessing.display(torch.from_numpy(cover)))


def test_nothing_painted_is_the_picture_and_a_cell_is_its_pixels():
    cover = np.full_like(INPUTS, 7)
    same = brush.repaint(NETWORK, INPUTS, cover, np.zeros((8, 8), bool))
    assert np.array_equal(same.inputs, INPUTS)
    hidden = np.zeros((4, 4), bool)
    hidden[1, 2] = True
    given = brush.repaint(NETWORK, INPUTS, cover, hidden).inputs
    assert (given[0, 2:4, 4:6] == 7).all() and (given == 7).sum() == 4


def test_a_fill_is_a_baseline_and_leaves_everybodys_dice_alone():
    before = torch.get_rng_state()
    assert np.array_equal(brush.fill("noise", INPUTS, NETWORK), brush.fill("noise", INPUTS, NETWORK))
    assert torch.equal(before, torch.get_rng_state())
    assert (brush.fill("black", INPUTS, NETWORK) == -1).all() and not brush.fill(
        "mean", INPUTS, NETWORK
    ).any()


def test_what_is_kept_alone_hides_all_else_but_not_before_anything_is_painted():
    painted = np.array([[True, False]])
    assert brush.hidden_cells(painted, only=False).tolist() == [[True, False]]
    assert brush.hidden_cells(painted, only=True).tolist() == [[False, True]]
    assert not brush.hidden_cells(np.zeros((1, 2), bool), only=True).any()


def test_what_a_map_had_marked_counts_what_is_positive():
    values = np.array([[3.0, 1.0], [-5.0, 0.0]])
    found = brush.marked(values, np.array([[True, False], [True, False]]))
    assert found is not None and (found.share, found.area) == (0.75, 0.5)
    assert brush.marked(-np.abs(values), np.ones((2, 2), bool)) is None
