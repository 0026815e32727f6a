"""What classes say together, in exact words."""

from __future__ import annotations

import numpy as np

from dashboard.inspection.kinds import CoarseConfusion
from dashboard.records.pictures import Prediction
from dashboard.wording import kinds
from models.datasets.wordnet import Kind

SHARES = np.array([0.5, 0.3, 0.2])
ANSWER = Prediction(np.log(SHARES), SHARES, ("pug", "boxer", "tabby"))
DOG = Kind("n02084071", "dog", (0, 1))


def test_a_kind_is_told_with_its_probability():
    assert kinds.seen(ANSWER, DOG) == "A dog: 80 %"
    assert kinds.basis(DOG) == "All 2 classes that are one, by WordNet, together; below, one by one."
    bear = Kind("n02131653", "bear", (0, 1))
    assert kinds.basis(bear) == (
        "All 2 classes that are one, by WordNet (the giant panda by zoology), together; below, one by one."
    )
    assert (kinds.any_of(DOG), kinds.offered(ANSWER, DOG)) == ("any dog", "any dog (80 %)")


def test_what_a_map_of_a_kind_explains_is_the_logarithm_of_the_sum():
    assert kinds.explained(ANSWER, DOG) == (
        "Explained is the score that its 2 classes have together, the logarithm of the sum of their exponentials, "
        "which is -0.223: a class of that score would have the sum of their probabilities"
    )


def test_a_kind_that_is_explained_is_what_the_headline_and_the_question_are_about():
    assert kinds.headline("Lite0 (ImageNet)", ANSWER, DOG) == "Lite0 is 80 % sure: a dog."
    cat = Kind("n02121620", "cat", (2,))
    assert kinds.headline("Lite0", ANSWER, cat) == "Lite0 gives a cat only 20 %."
    assert kinds.question("pug", DOG) == "Why a dog, whichever it is?"
    assert kinds.question("7 rather than 1", None) == "Why 7 rather than 1?"


def test_the_share_of_right_kinds_is_told():
    coarse = CoarseConfusion(("dog", "cat"), np.array([[3, 1], [0, 4]]), np.array([0, 0, 1]))
    assert kinds.kinds_right(coarse) == "It calls 87.5 % of them the right kind of thing, whatever the class."
