"""What is refused, with its number, and the margin against scipy."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy.stats import binomtest

from dashboard.inspection.passes.pool import FEW, dataset_pool
from dashboard.inspection.surrogate.reading import read
from dashboard.inspection.surrogate.sample import split_at_random
from dashboard.inspection.surrogate.verdict import explains, margin, nothing_to_explain, too_few
from dashboard.records.surrogate import Fidelity
from models.datasets.embedded import MNIST_10K
from models.networks import find_network
from models.runtime.progress import silent
from models.zoo.small import ARCHITECTURES
from tests.dashboard.inspection.surrogate.pictures import black_and_white, blobs, read_as
from tests.networks import built, classifier

CLASSES = [f"class {index}" for index in range(100)]


def test_too_few_pictures_say_how_many_it_takes():
    found = too_few(black_and_white(FEW - 1))
    assert found is not None and "there are 199, and to grow a tree takes at least 200" in found
    assert too_few(black_and_white(FEW)) is None


def test_a_network_that_knows_something_is_not_refused():
    assert nothing_to_explain(blobs(), CLASSES, trained=True) is None


def test_random_weights_are_refused_whether_or_not_they_say_so():
    digits = find_network("mlp").load(silent)
    pool = dataset_pool(MNIST_10K, digits, 600)
    small = split_at_random(pool)
    for seed in range(5):
        random = classifier(built(ARCHITECTURES["mlp"].build, seed), side=28, classes=10)
        random = dataclasses.replace(random, classes=digits.classes, preprocessing=digits.preprocessing)
        readings = read(random, small)
        for trained in (True, False):
            reason = nothing_to_explain(readings, random.classes, trained=trained)
            assert reason is not None and "it is right for" in reason, seed
    assert nothing_to_explain(read(digits, small), digits.classes, trained=True) is None


def test_one_answer_to_nearly_everything_is_a_collapse():
    answers = (np.arange(400) % 20 == 3).astype(int)
    reason = nothing_to_explain(read_as(np.zeros((400, 1)), answers), CLASSES, trained=True)
    assert reason is None  # it is 80 % of those held out
    answers = (np.arange(400) % 25 == 3).astype(int)
    reason = nothing_to_explain(read_as(np.zeros((400, 1)), answers), CLASSES, trained=True)
    assert reason == (
        "This network has collapsed: class 0 is its answer to 96 % of 100 pictures. Rules about the rest would "
        "explain nothing."
    )


def test_many_answers_to_few_pictures_are_too_few():
    reason = nothing_to_explain(read_as(np.zeros((400, 1)), np.arange(400) % 100), CLASSES, trained=True)
    assert reason is not None and "100 different answers" in reason and "takes 500; there are 300" in reason


@pytest.mark.parametrize(
    ("held_out", "kappa", "enough"), [(0.8, 0.6, True), (0.79, 0.9, False), (0.95, 0.59, False), (1, 1, True)]
)
def test_a_tree_explains_from_both_limits_on(held_out, kappa, enough):
    assert explains(Fidelity(3, 8, held_out, 0.9, kappa, None)) is enough


@pytest.mark.parametrize(("agreed", "count"), [(0, 20), (7, 20), (20, 20), (1700, 2000)])
def test_the_margin_is_that_of_wilson(agreed, count):
    expected = binomtest(agreed, count).proportion_ci(0.95, "wilson")
    assert margin(agreed / count, count) == pytest.approx((expected.low, expected.high), abs=1e-6)
