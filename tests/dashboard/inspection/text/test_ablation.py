"""Ablation in closed form, by token and by sentence."""

from __future__ import annotations

from dashboard.inspection.text.ablation import METHOD, Settings
from dashboard.inspection.text.run import TextRequest, attribute
from tests.dashboard.inspection.text.words import SPAM, TOKENIZER, Additive, Strongest, values


def found(network, text, units="words"):
    request = TextRequest(SPAM, parameters=Settings(units))
    return attribute(network, TOKENIZER.encode(text), method=METHOD, request=request)


def test_a_word_is_worth_what_is_lost_without_it():
    record = found(Additive(), "free list now")
    assert values(record) == [1.5, -2.0, 0.25]
    assert (record.explained, record.nothing, record.baseline) == (-0.25, 0.0, "<unk>")


def test_of_two_equal_words_neither_alone_is_missed():
    assert found(Strongest(), "free money free").outcome.kind == "refused"
    assert values(found(Strongest(), "free money")) == [0.5, 0.0]


def test_a_sentence_is_taken_out_whole():
    record = found(Strongest(), "free free. money now", "sentences")
    assert record.parts == ((0, 3), (3, 5)) and values(record) == [0.5, 0.0]
    assert record.by_token.tolist() == [0.5, 0.5, 0.5, 0.0, 0.0]
