"""Who wins, and in which order."""

from __future__ import annotations

import numpy as np

from dashboard.records.pictures import NetworkInput, Prediction
from models.preprocessing import Box


def test_classes_are_ranked_by_their_logits_and_ties_by_their_place():
    prediction = Prediction(np.array([1.0, 3, 3, -2]), np.array([0.1, 0.4, 0.4, 0.1]), ("a", "b", "c", "d"))
    assert prediction.winner == 1
    assert prediction.ranking() == [1, 2, 0, 3]


def test_an_input_keeps_where_it_was_cut():
    pixels = np.zeros((2, 2, 3), np.uint8)
    seen = NetworkInput("ab", np.zeros((3, 2, 2), np.float32), pixels, pixels, (4, 2), Box(1, 0, 3, 2))
    assert (seen.box.right - seen.box.left, seen.size) == (2, (4, 2))
