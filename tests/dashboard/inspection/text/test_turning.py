"""The fewest words that turn an answer, against every set of words of short texts."""

from __future__ import annotations

import itertools

import pytest
import torch

from dashboard.inspection.text import turning
from dashboard.inspection.text.change import change_words
from dashboard.inspection.text.turning import turning_words
from models.runtime.randomness import fork_rng
from models.text.networks import TextCNN
from tests.dashboard.inspection.text.words import CLASSES, SPAM, TOKENIZER, Additive, Biased, Strongest


def fewest(network, text: str) -> int | None:
    """How many words must go, by trying every set of them, one text at a time."""
    tokens = TOKENIZER.encode(text)
    for size in range(1, len(tokens) + 1):
        for places in itertools.combinations(range(len(tokens)), size):
            if change_words(network, TOKENIZER, tokens, dict.fromkeys(places), CLASSES).turned:
                return size
    return None


def test_additive_words_go_by_their_worth():
    found = turning_words(Additive(), TOKENIZER.encode("free now money dear free list"), CLASSES)
    # Together 1.75: without either "free" 0.25 is left, and without "money" besides less than nothing.
    assert found.before.logits[SPAM] == 1.75 and found.turned and found.fewest
    assert len(found.places) == 2 and found.after.winner != SPAM


def test_words_that_stand_in_for_each_other_are_found_together():
    # Either "free" alone changes nothing; one by one every first step looks alike.
    found = turning_words(Strongest(), TOKENIZER.encode("free list free list"), CLASSES)
    assert (found.places, found.fewest) == ((0, 2), True)


@pytest.mark.parametrize("seed", range(6))
def test_no_fewer_words_do_on_short_texts(seed):
    with fork_rng(seed):
        network = TextCNN(2, len(TOKENIZER)).eval()
        words = torch.randint(2, len(TOKENIZER), (7,)).tolist()
    text = " ".join(TOKENIZER.vocabulary[word] for word in words)
    found = turning_words(network, TOKENIZER.encode(text), CLASSES)
    assert found.fewest
    assert (len(found.places) or None) == fewest(network, text)


def test_words_that_are_not_needed_are_put_back(monkeypatch):
    # Nothing but greedy search and pruning: no smaller set is tried.
    monkeypatch.setattr(turning, "TRIED", 0)
    found = turning_words(Strongest(), TOKENIZER.encode("free list free now now"), CLASSES)
    assert not found.fewest and found.places == (0, 2, 3, 4)


def test_none_found_is_a_finding():
    found = turning_words(Biased(), TOKENIZER.encode("free now"), CLASSES)
    assert (found.places, found.turned, found.fewest) == ((), False, True)
    assert found.after.logits[SPAM] == 2.0
    assert not turning_words(Biased(), TOKENIZER.encode(""), CLASSES).turned
    assert not turning_words(Biased(), TOKENIZER.encode("who"), CLASSES).turned


def test_shares_of_the_work_rise_and_what_raises_ends_it():
    shares: list[float] = []
    turning_words(Additive(), TOKENIZER.encode("free money now"), CLASSES, shares.append)
    assert shares == sorted(shares) and shares[0] == 0.0 and shares[-1] <= 1.0
