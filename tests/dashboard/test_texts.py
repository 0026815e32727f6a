"""Texts that are pasted: found by the digits of their address, while they are kept, by those who may see them."""

from __future__ import annotations

import pytest

from dashboard.texts import LONGEST, find_text, keep_text
from models.photos.uploads import PERSON
from models.runtime.errors import UserError


@pytest.mark.parametrize("text", ["free prize", "\u202e<b>\0 \u9ce5", "x" * LONGEST])
def test_what_is_kept_is_found_as_it_was(text):
    assert find_text(keep_text(text, "me"), "me") == text


def test_half_a_character_becomes_a_question_mark():
    assert find_text(keep_text("a\ud800b", "me"), "me") == "a?b"


def test_a_text_that_is_too_long_is_refused_before_it_is_kept():
    with pytest.raises(UserError, match=r"has 20,001 characters; paste at most 20,000\."):
        keep_text("x" * (LONGEST + 1), "me")


def test_who_signed_in_sees_no_text_of_another():
    digits = keep_text("a secret", f"{PERSON}one")
    assert find_text(digits, f"{PERSON}two") is None
    assert find_text(digits, f"{PERSON}one") == "a secret"


@pytest.mark.parametrize("digits", ["", "0" * 16, "../secret", "x"])
def test_digits_of_nothing_find_nothing(digits):
    assert find_text(digits, "me") is None
