"""Records of made pictures: what they weigh, and that equal aims are one key."""

from __future__ import annotations

import numpy as np

from dashboard.records.maximisation import Aim, ExtremeScores, MaximisedPicture, Rival


def test_equal_aims_are_one_key():
    assert Aim(None, 3) == Aim(None, 3, avoid=False, steps=1) and hash(Aim(None, 3)) == hash(Aim(None, 3))
    assert Aim(None, 3) != Aim(None, 3, still=True)


def test_memory_is_that_of_the_arrays():
    picture = MaximisedPicture(np.zeros((2, 3, 3), np.uint8), trace=np.zeros(5))
    assert picture.nbytes == 18 + 40
    assert MaximisedPicture(None, "no gradient").nbytes == 0
    classes = np.zeros(4)
    assert ExtremeScores(9, classes, classes, classes, classes).nbytes == 4 * 32


def test_a_rival_may_have_no_picture():
    assert (Rival(7, 0.5).title, Rival(7, 0.5).part) == ("", None)
