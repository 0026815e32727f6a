"""A tiny vision transformer whose every step is a module, so that a hook sees the attention."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.zoo.small.activation import build_activation
from models.zoo.small.width import scale


class Attention(nn.Module):
    """Multi-head self-attention; the output of softmax is the attention, shape (N, heads, tokens, tokens)."""

    def __init__(self, dim: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.scale = (dim // heads) ** -0.5
        self.qkv = nn.Linear(dim, 3 * dim)
        self.softmax = nn.Softmax(dim=-1)
        self.proj = nn.Linear(dim, dim)

    def forward(self, tokens: Tensor) -> Tensor:
        """(N, tokens, dim) -> the same shape."""
        n, count, dim = tokens.shape
        qkv = self.qkv(tokens).reshape(n, count, 3, self.heads, dim // self.heads)
        query, key, value = qkv.permute(2, 0, 3, 1, 4).unbind(0)  # each (N, heads, tokens, dim / heads)
        attention = self.softmax(query @ key.transpose(-2, -1) * self.scale)  # (N, heads, tokens, tokens)
        outputs: Tensor = self.proj((attention @ value).transpose(1, 2).flatten(2))
        return outputs


class FeedForward(nn.Module):
    """The same two linear layers for every token."""

    def __init__(self, dim: int, hidden: int, dropout: float, activation: str) -> None:
        super().__init__()
        self.fc1 = nn.Linear(dim, hidden)
        self.act = build_activation(activation)
        self.dropout = nn.Dropout(dropout)
        self.fc2 = nn.Linear(hidden, dim)

    def forward(self, tokens: Tensor) -> Tensor:
        """(N, tokens, dim) -> the same shape."""
        outputs: Tensor = self.fc2(self.dropout(self.act(self.fc1(tokens))))
        return outputs


class Block(nn.Module):
    """Attention between tokens, then a step on each token; both are added to what they read, normalised."""

    def __init__(self, dim: int, heads: int, dropout: float, activation: str) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(dim)
        self.attn = Attention(dim, heads)
        self.norm2 = nn.LayerNorm(dim)
        self.mlp = FeedForward(dim, 2 * dim, dropout, activation)

    def forward(self, tokens: Tensor) -> Tensor:
        """(N, tokens, dim) -> the same shape."""
        tokens = tokens + self.attn(self.norm1(tokens))
        outputs: Tensor = tokens + self.mlp(self.norm2(tokens))
        return outputs


class ViT(nn.Module):
    """Patches of 4 x 4 pixels as 7 x 7 tokens after a class token, width 64, four blocks of four heads.

    Reference: Dosovitskiy et al., An image is worth 16x16 words, 2021.
    """

    def __init__(
        self,
        classes: int = 10,
        channels: int = 1,
        dropout: float = 0.0,
        activation: str = "gelu",
        width: float = 1.0,
    ) -> None:
        super().__init__()
        heads, depth, patch, side = 4, 4, 4, 28
        dim = heads * scale(16, width)
        self.patch_embed = nn.Conv2d(channels, dim, kernel_size=patch, stride=patch)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos_embed = nn.Parameter(torch.zeros(1, 1 + (side // patch) ** 2, dim))
        self.blocks = nn.Sequential(*(Block(dim, heads, dropout, activation) for _ in range(depth)))
        self.norm = nn.LayerNorm(dim)
        self.head = nn.Linear(dim, classes)
        nn.init.trunc_normal_(self.cls_token, std=0.02)
        nn.init.trunc_normal_(self.pos_embed, std=0.02)

    def forward(self, inputs: Tensor) -> Tensor:
        """Logits of shape (N, classes) for inputs of shape (N, channels, 28, 28)."""
        patches = self.patch_embed(inputs).flatten(2).transpose(1, 2)  # (N, 49, 64)
        cls_token = self.cls_token.expand(len(inputs), -1, -1)  # (N, 1, 64)
        tokens = self.blocks(torch.cat((cls_token, patches), dim=1) + self.pos_embed)  # (N, 50, 64)
        logits: Tensor = self.head(self.norm(tokens)[:, 0])
        return logits
