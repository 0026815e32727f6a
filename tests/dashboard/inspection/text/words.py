"""Small networks for texts whose answers are known in closed form, and the words that they read."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from dashboard.inspection.text.method import RawTextAttribution
from dashboard.records.text import TextAttribution
from models.classifier import Provenance, Weights, frozen
from models.text.classifier import TextClassifier
from models.text.networks import TextNetwork
from models.text.tokenizer import SPECIAL, Tokenizer

# What each word is worth to the class of index 1; the words that are not known are worth nothing.
WORTH = {"free": 1.5, "money": 1.0, "now": 0.25, "dear": -0.5, "list": -2.0, ".": 0.0, "!": 0.125}
TOKENIZER = Tokenizer((*SPECIAL, *WORTH), longest=64)
CLASSES = ("ham", "spam")
SPAM = 1


class Worded(TextNetwork):
    """A network whose vectors are what its words are worth, (N, L, 1), and whose spam logit is a subclass's own."""

    def __init__(self) -> None:
        super().__init__(len(TOKENIZER), 1)
        self.embedding.weight.data[:, 0] = torch.tensor([0.0, 0.0, *WORTH.values()])
        self.dropout = nn.Dropout(0.0)
        self.head = nn.Linear(1, 2)

    def spam(self, worth: Tensor, present: Tensor) -> Tensor:
        """(N, L) -> (N,)."""
        raise NotImplementedError

    def score(self, vectors: Tensor, present: Tensor) -> Tensor:
        spam = self.spam(vectors[..., 0], present)
        return torch.stack([torch.zeros_like(spam), spam], 1)


class Additive(Worded):
    """What the words are worth together: linear, so that every method must give each word its own worth."""

    def spam(self, worth: Tensor, present: Tensor) -> Tensor:
        return (worth * present).sum(1)


class Strongest(Worded):
    """What the word of most worth is worth: of two equal ones either alone changes nothing."""

    def spam(self, worth: Tensor, present: Tensor) -> Tensor:
        return (worth * present).amax(1)


class Both(Worded):
    """What the words are worth together, squared: what a word adds depends on which others are there."""

    def spam(self, worth: Tensor, present: Tensor) -> Tensor:
        return (worth * present).sum(1).square()


class Biased(Additive):
    """Beside that 2 for having a word at all: a text of padding has none, whatever stands behind a mask."""

    def spam(self, worth: Tensor, present: Tensor) -> Tensor:
        return super().spam(worth, present) + 2.0 * present.any(1)


def text_classifier(module: TextNetwork) -> TextClassifier:
    """A network that is ready to read texts."""
    return TextClassifier(
        name="tiny",
        title="Tiny",
        architecture=type(module).__name__,
        module=frozen(module),
        weights=Weights.of(module.state_dict(), source="test"),
        classes=CLASSES,
        fits="test",
        provenance=Provenance(source="test", licence="MIT"),
        trained=True,
        tokenizer=TOKENIZER,
    )


def values(record: TextAttribution | RawTextAttribution) -> list[float]:
    """What was found, where it was not refused."""
    assert record.values is not None
    found: list[float] = record.values.tolist()
    return found


def errors(record: TextAttribution | RawTextAttribution) -> list[float]:
    """Standard errors, where something was sampled."""
    assert record.errors is not None
    found: list[float] = record.errors.tolist()
    return found
