"""What networks for texts are held against."""

from __future__ import annotations

import numpy as np

from models.baseline import Baseline
from models.text.baseline import measure_baseline, shipped_baseline


def test_words_of_one_class_tell_it():
    texts, labels = ["buy now", "buy this", "we meet", "we talk"] * 3, np.array([1, 1, 0, 0] * 3)
    measured = measure_baseline((texts, labels), (["buy", "we", "buy"], np.array([1, 0, 0])))
    assert measured == Baseline("tf-idf with logistic regression", right=2, count=3)
    assert measured.accuracy == 2 / 3


def test_what_nobody_measured_is_unknown():
    assert shipped_baseline("nothing") is None
