"""What neighbours say of a picture, in exact words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dashboard.records.embedding import UNKNOWN, Features, Neighbours, Place
from dashboard.records.network import LayerCall
from dashboard.records.pictures import Prediction
from dashboard.wording.embedding import class_name, comparison, headline, obstacle, too_few, variance

LINE = [[0.0], [1], [2], [3], [10], [11]]


def features(values: Any, labels: list[int], answers: list[int] | None = None) -> Features:
    count = len(labels)
    answered = np.array(labels if answers is None else answers)
    place = Place(LayerCall("head", "Linear", (3,)), reads=True)
    array = np.asarray(values, np.float32)
    return Features(place, array, np.arange(count), np.array(labels), answered, 1, count, count, 0, 1.0)


def said(found: Features, winner: int) -> str:
    """With all pictures near."""
    logits = np.eye(3)[winner]
    near = Neighbours(np.arange(len(found)), np.zeros(len(found)))
    return headline("Net (MNIST)", found, near, Prediction(logits, logits, ("zero", "=one", "two")))


@pytest.mark.parametrize(
    ("labels", "answers", "winner", "sentence"),
    [
        (
            [1, 1, 1, 1, 2, 2],
            None,
            2,
            "Net puts this picture among those of class =one (4 of the 6 nearest to it), but says two.",
        ),
        (
            [UNKNOWN] * 3,
            [2, 2, 2],
            2,
            "Net puts this picture among those that it calls two (all 3 nearest to it), and says two too.",
        ),
        (
            [UNKNOWN] * 3,
            [2, 2, 0],
            0,
            "Net puts this picture among those that it calls two (2 of the 3 nearest to it), but says zero.",
        ),
        (
            [0, 1, 2, 0, 1],
            None,
            2,
            "Net puts this picture among 3 classes, which the 5 nearest to it have; it says two.",
        ),
        (
            [0],
            None,
            1,
            "Net puts this picture among those of class zero (the one nearest to it), but says =one.",
        ),
    ],
)
def test_the_headline_counts_the_nearest(labels, answers, winner, sentence):
    assert said(features(LINE[: len(labels)], labels, answers), winner) == sentence


def test_a_photo_without_features_has_no_neighbours():
    prediction = Prediction(np.zeros(1), np.ones(1), ("zero",))
    assert headline("Net", features(LINE, [0] * 6), None, prediction) == (
        "Net puts this photo nowhere: none of 6 pictures can be compared with it."
    )


def test_neighbours_and_network_are_compared_in_points():
    assert comparison(0.61, 0.86).startswith("The network is 25 points better than neighbours at this layer")
    assert comparison(0.9, 0.5).startswith("Neighbours at this layer are 40 points better than the network")
    assert comparison(0.95, 0.96).startswith("The two are close")


def test_axes_say_how_much_varies_along_them():
    assert variance(np.array([0.625, 0.25, 0.125])) == (
        "Axis 1, 62 % of the variance",
        "Axis 2, 25 % of the variance",
    )


def test_an_answer_that_is_no_number_has_no_name():
    assert (class_name(("a", "b"), 1), class_name(("a", "b"), UNKNOWN)) == ("b", "not a number")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (np.empty((0, 4)), "Not one of test pictures has features that are numbers at what head reads."),
        ([[1.0, 2]], "One picture alone has neither neighbours nor a spread."),
        (
            [[1.0, 2]] * 5,
            "All 5 pictures have the same features at what head reads: nothing tells them apart.",
        ),
    ],
)
def test_where_there_is_nothing_to_lay_out_the_reason_is_said(values, sentence):
    assert obstacle(features(values, [0] * len(values)), "test pictures") == sentence


def test_few_pictures_do_not_tell_how_a_network_groups_them():
    assert too_few("Net (ImageNet)", 40) == "How Net groups what it sees, 40 pictures cannot tell."
