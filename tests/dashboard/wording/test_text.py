"""What is said of a text, in exact words."""

from __future__ import annotations

import dataclasses

import numpy as np

from dashboard.records.attribution import Outcome
from dashboard.records.pictures import Prediction
from dashboard.records.text import Redundancy, TextAttribution, TextChange, TurningWords
from dashboard.wording import text
from models.baseline import Baseline

SPAM = Prediction(np.array([0.0, 3.0]), np.array([0.1, 0.9]), ("ham", "spam"))
HAM = Prediction(np.array([3.0, 0.0]), np.array([0.9, 0.1]), ("ham", "spam"))


def plain(sentence: str) -> str:
    return sentence.replace("\u00a0", " ")


def test_the_answer_and_how_sure():
    assert plain(text.headline("Text CNN (Mails)", SPAM)) == "Text CNN calls this text spam: 90 % sure."


def test_the_baseline_stands_beside():
    known = Baseline("tf-idf", 99, 100)
    assert plain(text.beside_baseline(0.98, known)) == (
        "It is right about 98.0 % of the test texts. Tf-idf is right about 99.0 % of them."
    )
    assert plain(text.beside_baseline(None, known)) == "Tf-idf is right about 99.0 % of them."
    assert text.beside_baseline(None, None) == ""


def test_redundancy_is_told_where_there_is_some():
    together = Redundancy(together=3.33, alone=0.02, largest=0.02, place=0, noteworthy=True)
    assert "they change the score by 0.02 in sum, all together by 3.33" in text.redundancy(together)
    assert text.redundancy(Redundancy(3.0, 3.0, 1.0, 0, noteworthy=True)) == ""


def test_turning_words_are_named_or_there_are_none():
    found = TurningWords((0, 2), SPAM, HAM, fewest=True, tried=9, seconds=0.1)
    assert text.turning(found, ("free", "as", "air")) == (
        "Without “free” and “air” it would be ham, not spam (2 words; no fewer do)."
    )
    none = TurningWords((), SPAM, SPAM, fewest=False, tried=9, seconds=0.1)
    assert text.turning(none, ()) == "No words turn the answer: with every one struck out it is still spam."


def test_what_is_not_read_is_counted():
    assert text.left_out(1200, 256) == (
        "The network reads the first 256 words and marks; 1,200 more are not read."
    )


def test_what_became_of_the_answer_is_said():
    same = TextChange((), (), SPAM, SPAM)
    assert plain(text.changed(same)) == "Unchanged it is spam: 90 % sure."
    turned = TextChange((1, 4), ((2, "x"),), SPAM, HAM)
    assert plain(text.changed(turned)) == "With 3 words changed it is ham, not spam: 90 % sure."
    less = TextChange((1,), (), SPAM, SPAM)
    assert plain(text.changed(less)) == "With 1 word changed it is still spam: 90 % sure, 90 % before."


def test_what_is_near_and_what_is_looked_at():
    assert text.neighbours(10, 10, "spam") == "All 10 nearest texts are spam, as it says of this one."
    assert text.neighbours(7, 10, "spam") == "7 of the 10 nearest texts are spam, as it says of this one."
    assert plain(text.looks(["a", "b"], 0.5, None)) == (
        "All words together look most at “a” and “b”: 50 % of the attention, over all heads."
    )
    assert plain(text.looks(["a"], 0.25, "c")).startswith("“c” looks most at “a”: 25 %")


def test_what_the_baseline_has_is_said():
    outcome = Outcome("clean")
    found = TextAttribution(
        "m", ((0, 1),), np.ones(1), True, outcome, explained=2.0, nothing=-0.5, baseline="<unk>"
    )
    assert text.from_nothing(found) == "A text of nothing but <unk> has a score of -0.5, this one 2."
    assert text.from_nothing(dataclasses.replace(found, nothing=None)) == ""
