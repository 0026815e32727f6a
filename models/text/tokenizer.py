"""From a text to the numbers that a network reads, and back to where each of them stands in the text."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

PAD, UNKNOWN = 0, 1
# What stands in the vocabulary in place of a word: nothing, and a word that is not in it.
SPECIAL = ("<pad>", "<unk>")
# What all addresses of the web, all mail addresses and all numbers are read as: which one it is tells who wrote.
URL, ADDRESS, NUMBER = "<url>", "<address>", "<number>"
NAME = "<name>"
# The first that fits is taken; a mask that stands in the text is itself, and "don't" is one word.
PATTERN = re.compile(
    r"(?P<mask><[a-z]{1,12}>)"
    r"|(?P<url>(?:(?i:https?|ftp)://|(?i:www)\.)[^\s<>\"']{0,2000}[^\s<>\"'.,;:!?)\]])"
    r"|(?P<address>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,9})"
    r"|(?P<number>\d+(?:[.,:/-]\d+)*)"
    r"|(?P<word>[^\W\d_]+(?:['\u2019][^\W\d_]+)*)"
    r"|(?P<mark>[^\w\s]|_)"
)
MASKS = {"url": URL, "address": ADDRESS, "number": NUMBER}
# Texts in which a word must stand to be in the vocabulary: of a rarer one nothing can be learned.
FEWEST_TEXTS = 3


@dataclass(frozen=True, eq=False)
class Tokens:
    """A text as a network reads it.

    Attributes:
        text: as it was given.
        ids: places in the vocabulary, shape (L,), int64.
        spans: where each token stands in the text, (start, end) of Python's characters; L of them, in order.
        left_out: how many tokens stand behind the last one that is read.
    """

    text: str
    ids: NDArray[np.int64]
    spans: tuple[tuple[int, int], ...]
    left_out: int = 0

    def __len__(self) -> int:
        return len(self.spans)

    @property
    def words(self) -> tuple[str, ...]:
        """The tokens as they stand in the text."""
        return tuple(self.text[start:end] for start, end in self.spans)


@dataclass(frozen=True)
class Tokenizer:
    """What a network's words are: lower-cased words, marks one by one, and masks for what is nobody's word.

    Attributes:
        vocabulary: what each id stands for; SPECIAL first.
        longest: tokens of a text that are read; what stands behind them is not.
    """

    vocabulary: tuple[str, ...]
    longest: int

    @classmethod
    def of(cls, texts: Iterable[str], *, most: int, longest: int) -> Tokenizer:
        """The tokenizer of the words that stand in most of some texts.

        Args:
            texts: that are learned from.
            most: words that it may have, SPECIAL among them.
            longest: tokens of a text that are read.
        """
        counts = Counter(word for text in texts for word in {form for form, _ in _split(text)})
        kept = [word for word, count in counts.items() if count >= FEWEST_TEXTS and word not in SPECIAL]
        # Of words in equally many texts the first in the alphabet, whatever the order of the texts.
        kept.sort(key=lambda word: (-counts[word], word))
        return cls((*SPECIAL, *kept[: most - len(SPECIAL)]), longest)

    def __len__(self) -> int:
        return len(self.vocabulary)

    @cached_property
    def ids(self) -> Mapping[str, int]:
        """Place of each word in the vocabulary."""
        return {word: place for place, word in enumerate(self.vocabulary)}

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all that it says, hexadecimal."""
        return hashlib.sha256(json.dumps(self.to_json(), ensure_ascii=False).encode()).hexdigest()

    def encode(self, text: str) -> Tokens:
        """The first `longest` tokens of a text, and where they stand in it."""
        tokens = list(_split(text))
        read = tokens[: self.longest]
        # Who types a special word has typed no word that was learned.
        ids = [UNKNOWN if form in SPECIAL else self.ids.get(form, UNKNOWN) for form, _ in read]
        return Tokens(
            text,
            np.array(ids, dtype=np.int64),
            tuple(span for _, span in read),
            left_out=len(tokens) - len(read),
        )

    def to_json(self) -> dict[str, Any]:
        """All that it says."""
        return {"vocabulary": list(self.vocabulary), "longest": self.longest}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Tokenizer:
        """The tokenizer that to_json() wrote. Raises KeyError, TypeError or ValueError where it is none."""
        vocabulary = tuple(str(word) for word in content["vocabulary"])
        if vocabulary[: len(SPECIAL)] != SPECIAL or len(set(vocabulary)) != len(vocabulary):
            raise ValueError("a vocabulary begins with its special words and has each word once")
        return cls(vocabulary, int(content["longest"]))


def words(text: str) -> list[str]:
    """The words of a text as a vocabulary knows them, all of them, in order."""
    return [form for form, _ in _split(text)]


def _split(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """What each token is in a vocabulary, and where it stands in the text."""
    for match in PATTERN.finditer(text):
        kind = match.lastgroup or ""
        # Lower-cased one by one: of a whole text some letters become two, and the places would be others.
        yield MASKS.get(kind, match[0].lower().replace("\u2019", "'")), match.span()
