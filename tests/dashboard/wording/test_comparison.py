"""Answers side by side in one sentence."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.records.pictures import Prediction
from dashboard.wording import comparison


def answer(winner, share):
    probabilities = np.full(10, (1 - share) / 9, np.float32)
    probabilities[winner] = share
    return Prediction(np.log(probabilities), probabilities, tuple("0123456789"))


def test_both_answers_with_how_sure_they_are():
    said = comparison.of_networks(["CNN (MNIST 10k)", "ViT (MNIST 10k)"], [answer(9, 0.51), answer(9, 0.996)])
    assert said == "CNN says 9 (51 %), ViT 9 (99.6 %)."


def test_networks_that_only_their_brackets_tell_apart_keep_them():
    titles = ["CNN (MNIST)", "CNN (MNIST, untrained)"]
    assert comparison.network_names(titles) == titles


def test_photos_are_told_apart_by_their_titles():
    said = comparison.of_photos("CNN (MNIST 10k)", ["One", "Other"], [answer(9, 0.51), answer(4, 0.996)])
    assert said == "CNN says 9 (51 %) to One, 4 (99.6 %) to Other."


@pytest.mark.parametrize(("truth", "end"), [("9", "but it is 9."), ("7", "and is right.")])
def test_the_truth_is_said(truth, end):
    assert comparison.mistaken("CNN (MNIST 10k)", answer(7, 0.51), truth) == f"CNN says 7 (51 %), {end}"
