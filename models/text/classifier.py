"""A network that is ready to classify texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from models.classifier import ReadyNetwork
from models.kinds import TEXT
from models.text.networks import TextNetwork
from models.text.tokenizer import PAD, UNKNOWN, Tokenizer, Tokens


@dataclass(frozen=True, eq=False)
class TextClassifier(ReadyNetwork):
    """A network for texts, with all that makes ids of a text.

    Attributes:
        tokenizer: text -> ids, and where they stand in it.
    """

    reads: ClassVar[str] = TEXT

    tokenizer: Tokenizer

    @property
    def reading(self) -> tuple[str, str]:
        """The digest of its tokenizer."""
        return self.reads, self.tokenizer.digest

    def blank(self) -> Tensor:
        """As many unknown words as it reads, (1, L)."""
        return torch.full((1, self.tokenizer.longest), UNKNOWN)

    @property
    def network(self) -> TextNetwork:
        """The module as what it is: embed() and score() apart."""
        assert isinstance(self.module, TextNetwork)
        return self.module

    def encode(self, text: str) -> Tokens:
        """A text as the network reads it."""
        return self.tokenizer.encode(text)


def padded(texts: Sequence[Tokens]) -> Tensor:
    """Texts as one batch of ids, (N, L) for the longest of them, at least one place, filled up with PAD."""
    ids = torch.full((len(texts), max([1, *map(len, texts)])), PAD)
    for row, tokens in zip(ids, texts, strict=True):
        row[: len(tokens)] = torch.from_numpy(tokens.ids)
    return ids
