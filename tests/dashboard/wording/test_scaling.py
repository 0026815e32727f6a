"""Sentences about more training pictures and another width."""

from __future__ import annotations

import dataclasses

from dashboard.wording import scaling
from models.training.sweep.scaling import WIDTH, Change
from tests.dashboard.charts.test_scaling import CURVE


def test_what_twice_as_many_pictures_would_bring():
    assert (
        scaling.headline(CURVE) == "More training pictures help: errors fall by 50 % each time they double."
    )
    assert scaling.promise(CURVE) == (
        "With twice as many training pictures, 800, 5.0 % of the test pictures would be wrong (95 % interval 4.0 % to "
        "6.0 %) instead of 10.0 %."
    )


def test_what_cannot_be_told_is_said_to_be_so():
    flat = dataclasses.replace(CURVE, double=Change(0.9, 0.7, 1.1))
    assert scaling.headline(flat) == "That more training pictures help cannot be told."
    assert scaling.promise(flat).startswith(
        "With twice as many training pictures, 5.0 % of the test pictures"
    )


def of_width(half):
    return dataclasses.replace(CURVE, axis=WIDTH, half=Change(*half), double=Change(0.8, 0.7, 1.1))


def test_what_half_the_width_does():
    assert scaling.promise(of_width((1.3, 1.1, 1.5))) == (
        "Half as wide it makes 30 % more errors (95 % interval 10 % more to 50 % "
        "more) on test pictures, of which 10.0 % are wrong as it is; twice as wide it would make 20 % fewer errors "
        "(95 % interval 30 % fewer to 10 % more)."
    )
    assert scaling.headline(of_width((1.3, 1.1, 1.5))) == "A smaller network is worse here."
    assert scaling.headline(of_width((0.8, 0.7, 0.9))) == "A smaller network is better here."
    assert (
        scaling.headline(of_width((1.0, 0.9, 1.1))) == "Whether a smaller network is better cannot be told."
    )


def test_more_data_or_a_smaller_network_is_answered_where_both_were_tried():
    assert scaling.choice([CURVE]) == ""
    assert scaling.choice([CURVE, of_width((1.3, 1.1, 1.5))]) == (
        "More data or a smaller network: more data. Twice the pictures make 50 % fewer errors (95 % interval 55 % "
        "fewer to 45 % fewer), half the width 30 % more errors (95 % interval 10 % more to 50 % more)."
    )
    useless = dataclasses.replace(CURVE, double=Change(0.9, 0.8, 1.1))
    assert ": a smaller network. " in scaling.choice([of_width((0.5, 0.4, 0.6)), useless])
    assert ": neither can be told to help. " in scaling.choice([of_width((1.0, 0.9, 1.1)), useless])
    assert ": which of them helps more cannot be told. " in scaling.choice([of_width((0.5, 0.4, 0.6)), CURVE])
