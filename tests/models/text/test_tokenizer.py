"""Words and where they stand: the places are those of the text as it was given."""

from __future__ import annotations

import numpy as np
import pytest

from models.text.tokenizer import PAD, SPECIAL, UNKNOWN, Tokenizer, words

KNOWN = Tokenizer((*SPECIAL, "don't", "buy", "!", "<url>", "<number>", "<address>"), longest=6)


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("Don't BUY it!", ["don't", "buy", "it", "!"]),
        ("don\u2019t", ["don't"]),
        (
            "See HTTPS://a.example/b?c=d, or (www.x.example).",
            ["see", "<url>", ",", "or", "(", "<url>", ")", "."],
        ),
        ("write ann.lee@mail.example now", ["write", "<address>", "now"]),
        ("$1,200.50 off", ["$", "<number>", "off"]),
        ("call <number> or <name>", ["call", "<number>", "or", "<name>"]),
        ("snake_case a<b", ["snake", "_", "case", "a", "<", "b"]),
        ("", []),
        (" \n\t", []),
    ],
)
def test_words_marks_and_masks(text, split):
    assert words(text) == split


def test_tokens_say_where_they_stand():
    text = "  \u0130 don't BUY\n!"  # a letter that becomes two in small letters
    tokens = KNOWN.encode(text)
    assert tokens.words == ("\u0130", "don't", "BUY", "!")
    assert tokens.spans == ((2, 3), (4, 9), (10, 13), (14, 15))
    assert tokens.ids.dtype == np.int64
    assert tokens.ids.tolist() == [UNKNOWN, 2, 3, 4]
    assert (len(tokens), tokens.left_out) == (4, 0)


def test_what_stands_behind_the_longest_is_counted():
    tokens = KNOWN.encode("buy " * 10)
    assert (len(tokens), len(tokens.ids), tokens.left_out) == (6, 6, 4)
    assert len(KNOWN.encode("")) == 0


def test_a_vocabulary_is_of_the_words_of_most_texts():
    texts = ["b a a a a", "a b", "b c", "a c", "c d", "d d d d"]
    assert Tokenizer.of(texts, most=9, longest=5).vocabulary == (*SPECIAL, "a", "b", "c")
    assert Tokenizer.of(reversed(texts), most=4, longest=5).vocabulary == (*SPECIAL, "a", "b")


def test_survives_json():
    again = Tokenizer.from_json(KNOWN.to_json())
    assert again == KNOWN and again.digest == KNOWN.digest
    assert Tokenizer(KNOWN.vocabulary, 5).digest != KNOWN.digest
    with pytest.raises(ValueError, match="each word once"):
        Tokenizer.from_json({"vocabulary": ["a", "a"], "longest": 3})


def test_a_special_word_that_is_typed_is_no_word_that_is_known():
    known = Tokenizer((*SPECIAL, "a"), longest=9)
    ids = known.encode(f"a {SPECIAL[PAD]} a").ids.tolist()
    assert PAD not in ids and ids[0] == ids[-1] == 2
