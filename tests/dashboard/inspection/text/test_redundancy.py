"""Words that add up, words that stand in for each other, and words that change nothing."""

from __future__ import annotations

from dashboard.inspection.text.redundancy import redundancy
from tests.dashboard.inspection.text.words import SPAM, TOKENIZER, Additive, Strongest


def test_words_that_add_up_are_not_redundant():
    found = redundancy(Additive(), TOKENIZER.encode("free dear money"), SPAM)
    assert (found.together, found.alone, found.largest, found.place) == (2.0, 2.0, 1.5, 0)
    assert found.share == 1.0 and not found.redundant


def test_words_that_stand_in_for_each_other_are():
    found = redundancy(Strongest(), TOKENIZER.encode("free money free"), SPAM)
    assert (found.together, found.alone, found.largest) == (1.5, 0.0, 0.0)
    assert found.share == 0.0 and found.redundant


def test_of_nothing_there_is_no_share():
    found = redundancy(Additive(), TOKENIZER.encode("free money list dear"), SPAM, versus=0)
    assert found.together == 0.0 and found.share is None and not found.redundant
