"""What is said of a row, in exact words."""

from __future__ import annotations

import dataclasses

import numpy as np

from dashboard.records.attribution import Outcome
from dashboard.records.pictures import Prediction
from dashboard.records.table import Beside, Counterfactual, Dependence, Importance, TableAttribution
from dashboard.wording import table
from models.table.columns import Column

GOOD = Prediction(np.array([0.0, 3.0]), np.array([0.1, 0.9]), ("bad", "good"))
BAD = Prediction(np.array([3.0, 0.0]), np.array([0.9, 0.1]), ("bad", "good"))


A = Column("a", 0, 1, 0.5, 0.2)


def plain(sentence: str) -> str:
    return sentence.replace("\u00a0", " ")


def test_the_answer_and_what_became_of_it():
    assert plain(table.headline("Table MLP (Wine)", GOOD)) == "Table MLP calls this row good: 90 % sure."
    assert table.changed(0, GOOD, BAD) == ""
    assert plain(table.changed(2, GOOD, BAD)) == "With 2 values changed it is bad, not good."
    assert plain(table.changed(1, GOOD, GOOD)) == "With 1 value changed it is still good: 90 % sure before."


def test_the_baseline_stands_beside_with_the_interval_of_the_difference():
    same = Beside("logistic regression", 100, 0.95, 0.95, -0.04, 0.04)
    assert plain(table.beside_baseline(same)) == (
        "It is right about 95.0 % of the 100 test rows, logistic regression about 95.0 % of the same: the network "
        "cannot be told apart from it (+0.0 points, 95 % interval -4.0 to 4.0)."
    )
    better = dataclasses.replace(same, baseline=0.7, low=0.2, high=0.3)
    assert "the network is better (+25.0 points" in plain(table.beside_baseline(better))
    worse = dataclasses.replace(same, low=-0.3, high=-0.2)
    assert "the network is worse" in plain(table.beside_baseline(worse))


def test_what_the_bars_lead_from_and_to():
    found = TableAttribution("m", np.ones(2), Outcome("clean"), explained=3.0, nothing=1.0)
    assert table.sums_up(found) == "From 1 to 3, the score of this row."
    assert found.ranking == [0, 1]


def test_what_would_turn_it_and_how_far_that_is():
    found = Counterfactual(
        np.ones(2), (1,), BAD, GOOD, distance=2.0, usual=1.5, as_far=0.25, tried=9, seconds=0.1
    )
    assert table.counterfactual(found, ("a", "b")) == "With another b it would be good, not bad."
    said = plain(table.how_far(found))
    assert (
        "2 spreads from the nearest row of the data, where 1.5 are usual: 25 % of these rows are as far"
        in said
    )
    far = dataclasses.replace(found, distance=9.0, as_far=0.0)
    assert "none of these rows is as far from its nearest" in table.how_far(far)
    none = dataclasses.replace(found, columns=(), after=BAD)
    assert table.counterfactual(none, ("a", "b")) == "No few changes turn the answer: it stays bad."


def test_what_the_answer_does_along_a_column():
    def found(*mean):
        size = len(mean)
        return Dependence(
            0, np.arange(size), np.array(mean), np.array([mean]), np.arange(2), np.zeros(2), 1, 0.97, True
        )

    assert (
        plain(table.along(found(0.2, 0.5, 0.9), A, "good"))
        == "Along a, good goes from 20 % to 90 % on average."
    )
    assert plain(table.along(found(0.2, 0.9, 0.3), A, "good")).endswith("on average, not in one direction.")
    assert table.along(found(0.5, 0.501), A, "good") == "On average a does not change how probable good is."
    kinds = Column("kind", 0, 2, 0, 1, whole=True, categories=("x", "y", "z"), shares=(0.2, 0.3, 0.5))
    assert plain(table.along(found(0.2, 0.9, 0.3), kinds, "good")) == (
        "On average good is likeliest where kind is y (90 %), and least where it is x (20 %)."
    )
    assert table.together(found(0.1, 0.2), ("a", "b")).startswith(
        "a goes with b (correlation 0.97): rows in which one"
    )


def test_which_columns_are_needed_and_which_stand_in():
    lost = np.array([0.2, 0.1, 0.0])
    found = Importance(0.95, lost, lost - 0.05, lost + 0.05, ((0, 1),))
    names = ("a", "b", "c")
    assert (
        plain(table.needed(found, names))
        == "It needs a and b; without the first it loses 20.0 points of 95.0 %."
    )
    assert table.stand_in(found, names).startswith(
        "Two columns say nearly the same: a and b: each can be missed"
    )
    none = dataclasses.replace(found, low=lost - 1, twins=())
    assert table.needed(none, names).startswith("No single column is needed")
    assert table.stand_in(none, names) == ""
