"""The small vision transformer."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.runtime.randomness import fork_rng
from models.zoo.architecture import Architecture
from models.zoo.small import ARCHITECTURES


def build(architecture: Architecture, **kwargs) -> nn.Module:
    with fork_rng(1):
        return architecture.build(**kwargs)


def inputs(n: int, channels: int = 1) -> Tensor:
    return torch.randn(n, channels, 28, 28, generator=torch.Generator().manual_seed(2))


def test_attention_can_be_hooked():
    module = build(ARCHITECTURES["vit"]).eval()
    maps: list[Tensor] = []
    for k in range(4):
        softmax = module.get_submodule(f"blocks.{k}.attn.softmax")
        softmax.register_forward_hook(lambda m, _, out: maps.append(out.detach()))
    module(inputs(2))
    assert [m.shape for m in maps] == [(2, 4, 50, 50)] * 4
    torch.testing.assert_close(torch.stack(maps).sum(-1), torch.ones(4, 2, 4, 50))


def test_attention_agrees_with_torch():
    attention = build(ARCHITECTURES["vit"]).get_submodule("blocks.0.attn").double()
    reference = nn.MultiheadAttention(64, 4, batch_first=True).double()
    renamed = {"qkv.weight": "in_proj_weight", "qkv.bias": "in_proj_bias"}
    reference.load_state_dict(
        {renamed.get(name, f"out_{name}"): tensor for name, tensor in attention.state_dict().items()}
    )
    tokens = torch.randn(2, 50, 64, generator=torch.Generator().manual_seed(4)).double()
    torch.testing.assert_close(attention(tokens), reference(tokens, tokens, tokens)[0])
