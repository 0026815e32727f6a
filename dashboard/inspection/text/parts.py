"""What of a text is hidden as one: single tokens, or sentences."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable

from dashboard.records.text import Part
from models.text.tokenizer import Tokens

# Marks behind which a sentence ends, once no other of them follows.
ENDS = {".", "!", "?"}
# Between two paragraphs, which no sentence crosses.
EMPTY_LINE = re.compile(r"\n\s*\n")


def single_tokens(tokens: Tokens) -> tuple[Part, ...]:
    """Every token for itself, also where the same word comes again."""
    return tuple((place, place + 1) for place in range(len(tokens)))


def sentences(tokens: Tokens) -> tuple[Part, ...]:
    """Sentences, in order and without gaps: up to their last full stop, exclamation or question mark, or empty line."""
    words = tokens.words
    begins = [
        place
        for place in range(1, len(words))
        if (words[place - 1] in ENDS and words[place] not in ENDS)
        or EMPTY_LINE.search(tokens.text, tokens.spans[place - 1][1], tokens.spans[place][0])
    ]
    return tuple(itertools.pairwise([0, *begins, len(words)])) if words else ()


# As a setting has them -> what has a value of its own.
UNITS: dict[str, Callable[[Tokens], tuple[Part, ...]]] = {"words": single_tokens, "sentences": sentences}
