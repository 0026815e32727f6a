"""The sentence about what makes runs differ."""

from __future__ import annotations

import dataclasses

from dashboard.wording import spread
from tests.dashboard.charts.test_spread import SPREAD


def test_the_source_that_does_most_comes_first_with_its_interval():
    assert spread.headline(SPREAD) == "Runs differ most by first weights."
    assert spread.amounts(SPREAD) == (
        "Standard deviation of the test accuracy, and share of the variance of all "
        "together: first weights 1.20 points (80 %, 95 % interval 60 to 95 %) and order of the pictures 0.60 points "
        "(20 %, 95 % interval 5 to 40 %). 2 % of the labels that were learned from are wrong."
    )


def test_what_cannot_be_told_apart_is_said_to_be_so():
    like = dataclasses.replace(SPREAD, like=("order of the pictures",))
    assert spread.headline(like) == "Which source of chance makes runs differ most cannot be told."
    third = dataclasses.replace(SPREAD.sources[1], name="third")
    some = dataclasses.replace(like, sources=(*SPREAD.sources, third))
    assert spread.headline(some) == (
        "Runs differ most by first weights, which cannot be told apart from order of the pictures."
    )


def test_where_nothing_differs_that_is_said():
    none = dataclasses.replace(SPREAD, sources=(dataclasses.replace(SPREAD.sources[0], deviation=0.0),) * 4)
    assert spread.amounts(none) == ""
    assert spread.headline(none) == "None of 4 sources of chance changes how many test pictures are right."
