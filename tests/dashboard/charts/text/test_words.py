"""A text as HTML: its words on their colours, everything else as it is, and nothing of it markup."""

from __future__ import annotations

import re

import numpy as np

from dashboard.charts.palette import AGAINST, FOR
from dashboard.charts.text.words import coloured, edited
from models.text.tokenizer import SPECIAL, Tokenizer

KNOWN = Tokenizer(SPECIAL, longest=3)


def test_words_have_the_colours_of_their_values():
    drawn = coloured(KNOWN.encode("a b\nc"), np.array([2.0, -2.0, 0.0]))
    grounds = re.findall(r"background-color:(#[0-9a-f]{6})", drawn)
    assert grounds == [FOR, AGAINST, "#f7f7f7"]
    assert "<br>" in drawn and 'title="-2"' in drawn


def test_what_somebody_typed_is_no_markup_and_what_is_not_read_is_in_italics():
    drawn = coloured(KNOWN.encode("<b> & d e"), np.zeros(3))
    assert "<b>" not in drawn and ">&lt;b&gt;</span>" in drawn and ">&amp;</span>" in drawn
    assert "<i> e</i>" in drawn


def test_what_is_struck_out_is_crossed_and_what_stands_instead_is_no_markup():
    drawn = edited(KNOWN.encode("a b c"), {0}, {2: "<i>x</i>"})
    assert ">" + "<s>a</s> b <s>c</s> <ins>&lt;i&gt;x&lt;/i&gt;</ins></div>" in drawn
