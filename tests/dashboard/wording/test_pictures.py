"""How far pictures can be trusted, in exact words."""

from __future__ import annotations

from dashboard.wording.pictures import hint, unread


def test_few_pictures_are_a_hint():
    assert hint(12) == "12 pictures: a hint, not a statistic."
    assert hint(12, "pictures held out") == "12 pictures held out: a hint, not a statistic."


def test_what_could_not_be_read_is_counted():
    assert unread(1200, "the 2,000 photos") == "1,200 of the 2,000 photos could not be read and are left out."
