"""What is recommended: the highest scores, without what was chosen."""

from __future__ import annotations

import numpy as np

from models.history.ranking import hits, rank

SCORES = np.array([[5.0, 4.0, 3.0, 2.0], [1.0, 2.0, 3.0, 4.0]])
CHOSEN = np.array([[1, 0], [4, 3]])


def test_what_was_chosen_is_not_recommended():
    assert rank(SCORES, CHOSEN, 2).tolist() == [[1, 2], [1, 0]]


def test_scores_for_everybody_leave_out_what_each_chose():
    assert rank(SCORES[0], CHOSEN, 2).tolist() == [[1, 2], [0, 1]]
    assert SCORES[0].tolist() == [5, 4, 3, 2]


def test_a_hit_is_the_next_choice_among_the_first():
    assert hits(SCORES, CHOSEN, np.array([2, 2]), 2).tolist() == [True, False]
