"""How a run reads texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from models.kinds import TEXT
from models.text.tokenizer import UNKNOWN, Tokenizer

if TYPE_CHECKING:
    from torch import nn

    from models.text.classifier import TextClassifier
    from models.zoo.architecture import Architecture


@dataclass(frozen=True)
class TextFormat:
    """Texts as ids of the words of one vocabulary.

    Attributes:
        tokenizer: text -> ids.
    """

    reads: ClassVar[str] = TEXT

    tokenizer: Tokenizer

    def to_json(self) -> dict[str, Any]:
        """The vocabulary, and how much of a text is read."""
        return self.tokenizer.to_json()

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> TextFormat:
        """The format that to_json() wrote. Raises KeyError, TypeError or ValueError where it is damaged."""
        return cls(Tokenizer.from_json(content))

    def build(self, architecture: Architecture, outputs: int, **options: float) -> nn.Module:
        """A fresh network for so many words."""
        return architecture.build(outputs, len(self.tokenizer), **options)

    def check(self, network: nn.Module, title: str) -> None:
        """Networks for texts read any text."""

    def count_flops(self, network: nn.Module) -> int:
        """Those of its answer to a text as long as it reads."""
        import torch

        from models.runtime.flops import count_flops

        return count_flops(network, torch.full((1, self.tokenizer.longest), UNKNOWN))

    def network(self, **known: Any) -> TextClassifier:
        """A network for texts; `known` are the fields of ReadyNetwork."""
        from models.text.classifier import TextClassifier

        return TextClassifier(tokenizer=self.tokenizer, **known)
