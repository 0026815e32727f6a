"""A tree on words: what it may ask, and that it imitates a network that asks for one word."""

from __future__ import annotations

import numpy as np

from dashboard.inspection.surrogate.reading import readings_of
from dashboard.inspection.surrogate.tree import grow
from dashboard.inspection.text.surrogate import word_counts
from models.text.tokenizer import SPECIAL
from tests.dashboard.inspection.text.words import TOKENIZER, WORTH


def test_words_are_counted_and_named():
    found = word_counts([TOKENIZER.encode(text) for text in ("free who free", "", "now !")], TOKENIZER)
    assert found.values[:, : len(WORTH)].tolist() == [
        [2, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 0],
        [0, 0, 1, 0, 0, 0, 1],
    ]
    assert len(found.names) == len(TOKENIZER) - len(SPECIAL)
    assert (found.names[0], found.short[0]) == ("how often “free” stands in it", "“free”")


def test_a_tree_finds_the_word_that_a_network_asks_for():
    texts = [TOKENIZER.encode(text) for text in ("free now", "money free", "now", "list dear") * 10]
    spam = np.array(["free" in text.words for text in texts])
    held_out = np.arange(40) >= 20
    found = grow(readings_of(spam.astype(int), spam.astype(int), held_out), word_counts(texts, TOKENIZER))
    assert found.tree.short[found.tree.feature[0]] == "“free”"
    assert found.fidelity[1].held_out == 1.0 and found.network_right == 1.0
    assert (found.grown, found.held_out, found.nbytes > 0) == (20, 20, True)
