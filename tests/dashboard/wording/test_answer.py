"""What a network answers, in exact words."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.records.pictures import Prediction
from dashboard.wording.answer import bar, class_label, figure, headline, plural, ranking, terms, top_classes
from dashboard.wording.contract import RANDOM, UNTRAINED

NAME = "Net (MNIST 10k)"
SHARES = [0.4, 0.2, 0.15, 0.1, 0.08, 0.04, 0.03]


def prediction(probabilities: list[float], classes: str | list[str]) -> Prediction:
    shares = np.array(probabilities, dtype=np.float32)
    return Prediction(np.log(shares + 1e-12), shares, tuple(classes))


@pytest.mark.parametrize(
    ("shares", "trained", "sentence"),
    [
        ([0.97, 0.03], True, "Net is 97 % sure: an ox."),
        ([0.5, 0.5], True, "Net cannot tell: an ox (50 %) or a cat (50 %)."),
        ([0.97, 0.03], False, "Untrained, so this is a guess: ox."),
    ],
)
def test_the_headline(shares, trained, sentence):
    doubts = [] if trained else [UNTRAINED, RANDOM]
    assert headline(NAME, prediction(shares, ["ox", "cat"]), doubts) == sentence


def test_a_yes_or_no_without_names_says_both_sides():
    assert headline(NAME, prediction([0.1, 0.9], ["no", "yes"])) == "Net is 90 % for yes, 10 % for no."
    assert headline(NAME, prediction([0.1, 0.9], ["cat", "dog"])) == "Net is 90 % sure: a dog."
    assert headline(NAME, prediction([0.1, 0.9], ["class 0", "class 1"])) == "Net is 90 % sure: class 1."


def test_a_network_of_one_class_has_a_headline():
    assert headline(NAME, prediction([1.0], ["ox"])) == "Net is 100 % sure: an ox."


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


def attributes(probabilities: list[float], classes: str) -> Prediction:
    shares = np.array(probabilities, dtype=np.float32)
    return Prediction(np.log(shares / (1 - shares)), shares, tuple(classes), "each by itself")


def values(numbers: list[float]) -> Prediction:
    names = tuple(f"value {index}" for index in range(len(numbers)))
    return Prediction(np.array(numbers, dtype=np.float32), None, names, "values")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (attributes([0.9, 0.8, 0.1], "abc"), "Net says yes: a (90 %), b (80 %); no: c."),
        (attributes([0.9, 0.8], "ab"), "Net says yes: a (90 %), b (80 %)."),
        (attributes([0.2, 0.4], "ab"), "Net sees none of 2 attributes; the likeliest is b (40 %)."),
        (
            attributes([0.6, 0.9, 0.8, 0.7, 0.95, 0.1], "abcdef"),
            "Net says yes: e (95 %), b (90 %), c (80 %) and 2 more; no: f.",
        ),
        (
            values([2.0, -1.5, 0.25]),
            "Of 3 values that Net gives, value 0 (2) is the largest and value 1 (-1.5) the least.",
        ),
        (values([3.14159]), "Net gives 3.14."),
    ],
)
def test_attributes_and_values_have_headlines_of_their_own(answer, sentence):
    assert headline(NAME, answer) == sentence


def test_a_doubt_comes_first_whatever_is_answered():
    assert headline(NAME, attributes([0.9, 0.8], "ab"), [UNTRAINED]) == "Untrained, so this is a guess: a, b."
    assert headline(NAME, attributes([0.1], "a"), [RANDOM]).endswith("of many: no attribute.")
    assert headline(NAME, values([1.0, 2.0]), [UNTRAINED]).endswith("guess: value 1 (2) is the largest.")


def test_a_value_is_no_share_of_anything():
    answer = values([0.4, 0.2])
    assert bar(answer, 0) is None and figure(answer, 0) == "0.4"
    assert ranking(answer) == "The first value is value 0 (0.4), then comes value 1 (0.2)."
    assert "%" not in headline(NAME, answer) + terms(answer).heading(2)
    assert bar(attributes([0.4], "a"), 0) == pytest.approx(0.4)
    assert plural(answer) == "Values" and plural(prediction([1.0], "a")) == "Classes"
