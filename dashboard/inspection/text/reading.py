"""A network for texts as a function of its words' vectors, and its answers to many texts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from dashboard.records.pictures import Prediction
from models.text.networks import TextNetwork
from models.text.tokenizer import PAD

# Numbers of a pass that stay near the processor; attention holds so many of them for each pair of words.
NUMBERS = 2**20
# Of a pass of short texts.
MOST_TEXTS = 512
# Numbers that each word is at least, whatever a network makes of it.
WIDTH = 64


def texts_at_once(length: int) -> int:
    """How many texts of that many words go into one pass."""
    return max(1, min(MOST_TEXTS, NUMBERS // (max(length, 1) * max(length, WIDTH))))


class WordReader(nn.Module):
    """(N, L, D) -> (N, classes): what a network makes of vectors in the place of one text's words.

    Which places are words is told by the text, whatever vectors stand there.

    Args:
        network: private.
        ids: (1, L), of the text.
    """

    def __init__(self, network: TextNetwork, ids: Tensor) -> None:
        super().__init__()
        self.network = network
        self._present = ids != PAD

    def forward(self, vectors: Tensor) -> Tensor:  # noqa: D102  # said by the class
        return self.network.score(vectors, self._present.expand(len(vectors), -1))


def read_text(network: TextNetwork, ids: np.ndarray, classes: Sequence[str]) -> Prediction:
    """The answer to one text.

    Args:
        network: shared; not changed.
        ids: (L,) int64; a text without words is one, too.
        classes: one name per logit.
    """
    batch = torch.from_numpy(ids)[None] if len(ids) else torch.full((1, 1), PAD)
    with torch.no_grad():
        logits = network(batch)[0].float()
    return answer(logits, classes)


def answer(logits: Tensor, classes: Sequence[str]) -> Prediction:
    """Logits (classes,) as an answer."""
    return Prediction(logits.numpy(), logits.softmax(0).numpy(), tuple(classes))
