"""What a network answers, in exact words."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.records.pictures import Prediction
from dashboard.wording.answer import class_label, headline, ranking, top_classes

SHARES = [0.4, 0.2, 0.15, 0.1, 0.08, 0.04, 0.03]


def prediction(probabilities: list[float], classes: str | list[str]) -> Prediction:
    shares = np.array(probabilities, dtype=np.float32)
    return Prediction(np.log(shares + 1e-12), shares, tuple(classes))


@pytest.mark.parametrize(
    ("shares", "trained", "sentence"),
    [
        ([0.97, 0.03], True, "97 % sure this is an ox."),
        ([0.5, 0.5], True, "Not clear: an ox (50 %) or a cat (50 %)."),
        ([0.97, 0.03], False, "Untrained, so this is a guess: ox."),
    ],
)
def test_the_headline(shares, trained, sentence):
    assert headline(prediction(shares, ["ox", "cat"]), trained=trained) == sentence


def test_a_network_of_one_class_has_a_headline():
    assert headline(prediction([1.0], ["ox"]), trained=True) == "100 % sure this is an ox."


@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        (1, "The first answer is a (40 %)."),
        (2, "The first answer is a (40 %), then comes b (20 %)."),
        (7, "The first answer is a (40 %), then come b (20 %) and c (15 %)."),
    ],
)
def test_the_first_answer_and_the_two_behind_it(count, sentence):
    assert ranking(prediction(SHARES[:count], "abcdefg"[:count])) == sentence


def test_the_explained_class_is_added_where_it_is_not_among_the_best():
    made = prediction(SHARES, "abcdefg")
    assert top_classes(made, 2) == [0, 1, 2, 3, 4]
    assert top_classes(made, 6) == [0, 1, 2, 3, 4, 6]


def test_classes_of_one_name_are_told_apart():
    made = prediction([0.5, 0.3, 0.2], ["crane", "crane", "ox"])
    assert [class_label(made, index) for index in range(3)] == ["crane (0)", "crane (1)", "ox"]
