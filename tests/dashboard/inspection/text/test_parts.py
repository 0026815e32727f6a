"""Where sentences end, and that parts cover a text without gaps."""

from __future__ import annotations

import pytest

from dashboard.inspection.text.parts import sentences, single_tokens
from tests.dashboard.inspection.text.words import TOKENIZER


def test_every_token_is_a_part_of_its_own():
    assert single_tokens(TOKENIZER.encode("free free")) == ((0, 1), (1, 2))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ()),
        ("free money", ((0, 2),)),
        ("free money. now!", ((0, 3), (3, 5))),
        # A row of marks belongs to the sentence before it, and one at the beginning to the first.
        ("free!!! now", ((0, 4), (4, 5))),
        ("... free", ((0, 3), (3, 4))),
        # A line may break anywhere, a paragraph ends with it.
        ("free\nmoney\n \nnow", ((0, 2), (2, 3))),
    ],
)
def test_a_sentence_ends_with_its_last_mark_or_its_paragraph(text, parts):
    assert sentences(TOKENIZER.encode(text)) == parts
