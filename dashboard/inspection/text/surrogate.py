"""Words as what a tree may ask about: a tree on them imitates a network for texts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dashboard.inspection.surrogate.features import Features
from models.text.tokenizer import SPECIAL, Tokenizer, Tokens

# A tree asks about the words that most texts have; a vocabulary begins with them.
MOST_WORDS = 1000
# Of how often a word stands in a text; a question's threshold lies between two whole numbers.
DECIMALS = 1


def word_counts(texts: Sequence[Tokens], tokenizer: Tokenizer) -> Features:
    """How often each of the commonest words stands in each text.

    Args:
        texts: at least one.
        tokenizer: that made their ids.
    """
    words = tokenizer.vocabulary[len(SPECIAL) : len(SPECIAL) + MOST_WORDS]
    size = len(SPECIAL) + len(words)
    values = np.stack(
        [np.bincount(text.ids[text.ids < size], minlength=size)[len(SPECIAL) :] for text in texts]
    )
    return Features(
        names=tuple(f"how often “{word}” stands in it" for word in words),
        short=tuple(f"“{word}”" for word in words),
        values=values.astype(np.float32),
        decimals=DECIMALS,
    )
