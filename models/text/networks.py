"""Networks for texts: words become vectors, and vectors become logits, in two steps that can be taken apart.

What is present is always told by the real ids. A baseline that takes the place of the vectors cannot change the mask
then: made of its own ids, a padded baseline was measured to miss completeness by two thirds.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from models.text.tokenizer import PAD
from models.zoo.small.activation import build_activation
from models.zoo.small.width import scale

# What a score of attention is where there is no word to look at: a text without words still has an answer.
HIDDEN = -1e4


class TextNetwork(nn.Module):
    """A network that reads ids of words; what stands behind a text's end never changes its answer."""

    # Whether words look at each other.
    attends = False
    # Of each network its own.
    dropout: nn.Dropout
    head: nn.Linear

    def __init__(self, words: int, width: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(words, width, padding_idx=PAD)
        # As small as what is learned: of the usual spread of 1, words that are met once would keep their noise.
        nn.init.normal_(self.embedding.weight[PAD + 1 :], std=0.1)

    def embed(self, ids: Tensor) -> Tensor:
        """The vectors of words, (N, L, D), for ids of shape (N, L)."""
        vectors: Tensor = self.embedding(ids)
        return vectors

    def features(self, vectors: Tensor, present: Tensor) -> Tensor:
        """What the last layer reads, (N, F), for vectors (N, L, D) of which those are read that are present (N, L)."""
        raise NotImplementedError

    def score(self, vectors: Tensor, present: Tensor) -> Tensor:
        """Logits of shape (N, classes) for vectors of shape (N, L, D), of which `present`, bool (N, L), are words."""
        logits: Tensor = self.head(self.dropout(self.features(vectors, present)))
        return logits

    def forward(self, ids: Tensor) -> Tensor:
        """Logits of shape (N, classes) for ids of shape (N, L), filled up with PAD."""
        return self.score(self.embed(ids), ids != PAD)

    def attention(self, ids: Tensor) -> Tensor | None:
        """How much each word looks at each, (N, layers, heads, L, L), rows sum to 1; None where nothing looks."""
        return None


class Bag(TextNetwork):
    """The mean of the words' vectors, and a linear layer: neither order nor neighbours count.

    Reference: Joulin et al., Bag of tricks for efficient text classification, 2017.
    """

    def __init__(
        self,
        classes: int = 2,
        words: int = 100,
        dropout: float = 0.0,
        activation: str = "",
        width: float = 1.0,
    ) -> None:
        numbers = scale(32, width)
        super().__init__(words, numbers)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(numbers, classes)

    def features(self, vectors: Tensor, present: Tensor) -> Tensor:
        """The mean over the words, (N, 32)."""
        return mean_over_words(vectors, present)


class TextCNN(TextNetwork):
    """Windows of 3 and of 5 words, 48 patterns each; of each pattern the place where it fits best.

    Reference: Kim, Convolutional neural networks for sentence classification, 2014.
    """

    WINDOWS = (3, 5)

    def __init__(
        self,
        classes: int = 2,
        words: int = 100,
        dropout: float = 0.0,
        activation: str = "relu",
        width: float = 1.0,
    ) -> None:
        numbers, patterns = scale(32, width), scale(48, width)
        super().__init__(words, numbers)
        self.convolutions = nn.ModuleList(
            nn.Conv1d(numbers, patterns, kernel_size=window, padding=window // 2) for window in self.WINDOWS
        )
        self.activation = activation
        self.add_module(activation, build_activation(activation))
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(patterns * len(self.WINDOWS), classes)

    def features(self, vectors: Tensor, present: Tensor) -> Tensor:
        """The best fit of each pattern, (N, 96); 0 where there is no word."""
        # Behind the end of a text stands what stands before its beginning.
        read = (vectors * present[..., None]).transpose(1, 2)  # (N, 32, L)
        act = self.get_submodule(self.activation)
        fits = torch.cat([act(convolution(read)) for convolution in self.convolutions], dim=1)  # (N, 96, L)
        best = fits.masked_fill(~present[:, None], HIDDEN).amax(2)
        return best * present.any(1, keepdim=True)


class MaskedAttention(nn.Module):
    """Multi-head self-attention over the words that are present, 64 numbers a word."""

    def __init__(self, dim: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.scale = (dim // heads) ** -0.5
        self.qkv = nn.Linear(dim, 3 * dim)
        self.softmax = nn.Softmax(dim=-1)
        self.proj = nn.Linear(dim, dim)

    def weights(self, tokens: Tensor, present: Tensor) -> tuple[Tensor, Tensor]:
        """How much each word looks at each, (N, heads, L, L), and the values, (N, heads, L, dim / heads)."""
        n, count, dim = tokens.shape
        qkv = self.qkv(tokens).reshape(n, count, 3, self.heads, dim // self.heads)
        query, key, value = qkv.permute(2, 0, 3, 1, 4).unbind(0)  # each (N, heads, L, dim / heads)
        scores = (query @ key.transpose(-2, -1) * self.scale).masked_fill(~present[:, None, None], HIDDEN)
        return self.softmax(scores), value

    def forward(self, tokens: Tensor, present: Tensor) -> Tensor:
        """(N, L, dim) -> the same shape."""
        weights, value = self.weights(tokens, present)
        outputs: Tensor = self.proj((weights @ value).transpose(1, 2).flatten(2))
        return outputs


class Transformer(TextNetwork):
    """One block of four heads over the words and their places, then the mean over the words.

    Places are waves of fixed lengths, so that a text of any length has them.

    Reference: Vaswani et al., Attention is all you need, 2017.
    """

    attends = True

    def __init__(
        self,
        classes: int = 2,
        words: int = 100,
        dropout: float = 0.0,
        activation: str = "gelu",
        width: float = 1.0,
    ) -> None:
        heads = 4
        # Each head's part has a wave and its quarter turn.
        dim = 2 * heads * scale(4, width)
        super().__init__(words, dim)
        self.activation = activation
        self.norm1 = nn.LayerNorm(dim)
        self.attn = MaskedAttention(dim, heads)
        self.norm2 = nn.LayerNorm(dim)
        self.fc1 = nn.Linear(dim, 2 * dim)
        self.add_module(activation, build_activation(activation))
        self.fc2 = nn.Linear(2 * dim, dim)
        self.norm = nn.LayerNorm(dim)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(dim, classes)

    def features(self, vectors: Tensor, present: Tensor) -> Tensor:
        """The mean over the words after the block, (N, 32)."""
        tokens = self.placed(vectors)
        tokens = tokens + self.attn(self.norm1(tokens), present)
        act = self.get_submodule(self.activation)
        tokens = tokens + self.fc2(self.dropout(act(self.fc1(self.norm2(tokens)))))
        return mean_over_words(self.norm(tokens), present)

    def attention(self, ids: Tensor) -> Tensor:
        """How much each word looks at each, (N, 1, 4, L, L)."""
        tokens = self.norm1(self.placed(self.embed(ids)))
        return self.attn.weights(tokens, ids != PAD)[0][:, None]

    @staticmethod
    def placed(vectors: Tensor) -> Tensor:
        """Vectors of shape (N, L, D) with the waves of their places added."""
        count, dim = vectors.shape[1:]
        places = torch.arange(count, device=vectors.device, dtype=vectors.dtype)[:, None]
        half = torch.arange(0, dim, 2, device=vectors.device, dtype=vectors.dtype)
        angles = places * torch.exp(half * (-math.log(10_000.0) / dim))  # (L, D / 2)
        return vectors + torch.stack((angles.sin(), angles.cos()), dim=-1).flatten(1)


def mean_over_words(vectors: Tensor, present: Tensor) -> Tensor:
    """The mean of those vectors (N, L, D) that are present (N, L): (N, D); 0 where none is."""
    total = (vectors * present[..., None]).sum(1)
    return total / present.sum(1, keepdim=True).clamp_min(1)
