"""The answer to a text whose words are struck out or replaced, in closed form."""

from __future__ import annotations

import pytest

from dashboard.inspection.text.change import change_words
from models.runtime.errors import UserError
from models.text.tokenizer import Tokenizer
from tests.dashboard.inspection.text.words import CLASSES, SPAM, TOKENIZER, Additive, Biased


def changed(text, changes, network=None, tokenizer=TOKENIZER):
    return change_words(network or Additive(), tokenizer, tokenizer.encode(text), changes, CLASSES)


def test_a_word_is_struck_at_its_own_place():
    found = changed("free dear free", {2: None})
    assert (found.before.logits[SPAM], found.after.logits[SPAM]) == (2.5, 1.0)
    assert (found.struck, found.replaced, found.turned) == ((2,), (), False)
    assert changed("free dear", {0: None}).turned


def test_a_word_is_replaced_by_what_the_network_reads_of_it():
    found = changed("free now", {0: "LIST money", 1: "unheard"})
    assert found.after.logits[SPAM] == -1.0
    assert found.replaced == ((0, "LIST money"), (1, "unheard")) and found.turned


def test_nothing_in_place_of_a_word_strikes_it_out():
    found = changed("free now", {1: "  "}, Biased())
    assert (found.struck, found.replaced, found.after.logits[SPAM]) == ((1,), (), 3.5)
    # The place stays, as that of an unknown word.
    assert changed("free", {0: ""}, Biased()).after.logits[SPAM] == 2.0


def test_what_does_not_fit_any_more_is_said():
    short = Tokenizer(TOKENIZER.vocabulary, longest=3)
    found = changed("free free money", {0: "now now"}, tokenizer=short)
    assert found.unread == 1 and found.after.logits[SPAM] == 2.0


def test_nothing_changes_without_changes():
    found = changed("free", {})
    assert found.before.logits.tolist() == found.after.logits.tolist()
    assert not changed("", {}).turned


def test_a_place_beyond_the_text_is_refused():
    with pytest.raises(UserError, match="This text has 2 words, so there is no word 3 in it"):
        changed("free now", {2: None})
