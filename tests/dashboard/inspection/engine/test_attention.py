"""Attention is recorded however it is computed, and the output stays what it was."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from dashboard.inspection.engine.attention import AttentionRecorder

HEADS, TOKENS, WIDTH = 2, 5, 8


@pytest.fixture
def parts() -> list[Tensor]:
    """Queries, keys and values, (1, heads, tokens, width / heads)."""
    generator = torch.Generator().manual_seed(0)
    return [torch.randn(1, HEADS, TOKENS, WIDTH // HEADS, generator=generator) for _ in range(3)]


def weights_by_hand(query: Tensor, key: Tensor) -> Tensor:
    weights: Tensor = (query @ key.transpose(2, 3) / query.shape[-1] ** 0.5).softmax(3)
    return weights


def test_fused_attention_tells_the_weights_that_it_never_shows(parts):
    query, key, value = parts
    plain = functional.scaled_dot_product_attention(query, key, value)
    with AttentionRecorder() as recorder:
        output = functional.scaled_dot_product_attention(query, key, value)
    assert torch.equal(output, plain)
    torch.testing.assert_close(recorder.weights, [weights_by_hand(query, key)])


def test_a_mask_and_a_scale_are_part_of_it(parts):
    query, key, value = parts
    with AttentionRecorder() as recorder:
        functional.scaled_dot_product_attention(query, key, value, is_causal=True, scale=0.0)
    rows = torch.tril(torch.ones(TOKENS, TOKENS))
    torch.testing.assert_close(recorder.weights[0][0, 1], rows / rows.sum(1, keepdim=True))


def test_a_softmax_over_tokens_is_attention_and_one_over_classes_is_none(parts):
    query, key, _ = parts
    with AttentionRecorder() as recorder:
        weights = weights_by_hand(query, key)
        torch.zeros(1, 3).softmax(1)
    assert len(recorder.weights) == 1 and recorder.weights[0] is weights


def test_a_softmax_along_the_axis_before_the_last_weighs_tokens_too(parts):
    query, key, _ = parts
    with AttentionRecorder() as recorder:
        transposed = (key @ query.transpose(2, 3) / query.shape[-1] ** 0.5).softmax(dim=-2)
    torch.testing.assert_close(recorder.weights, [weights_by_hand(query, key)])
    assert torch.equal(transposed.mT, recorder.weights[0])


def test_one_head_may_have_no_axis_of_its_own(parts):
    query, key, _ = (part[:, 0] for part in parts)
    with AttentionRecorder() as recorder:
        weights = torch.softmax(query @ key.mT, -1)
    assert torch.equal(recorder.weights[0], weights[:, None])


def test_a_softmax_over_branches_of_a_layer_is_no_attention():
    # Selective kernels and split attention weigh two branches of each channel: (N, branches, channels, 1, 1).
    with AttentionRecorder() as recorder:
        torch.zeros(1, 2, 8, 1, 1).softmax(1)
        functional.softmax(torch.zeros(1, 2, 1, 8), dim=1)
    assert recorder.weights == []


@pytest.mark.parametrize(
    "asked",
    [{"need_weights": False}, {"average_attn_weights": True}, {"average_attn_weights": False}],
    ids=str,
)
def test_torchs_layer_gives_what_it_was_asked_for(asked):
    layer = nn.MultiheadAttention(WIDTH, HEADS, batch_first=True).requires_grad_()
    tokens = torch.randn(1, TOKENS, WIDTH, generator=torch.Generator().manual_seed(1))
    plain = layer(tokens, tokens, tokens, **asked)
    with AttentionRecorder() as recorder:
        output, weights = layer(tokens, tokens, tokens, **asked)
    torch.testing.assert_close(output, plain[0])
    assert (weights is None) == (plain[1] is None)
    if weights is not None:
        torch.testing.assert_close(weights, plain[1])
    assert [tuple(one.shape) for one in recorder.weights] == [(1, HEADS, TOKENS, TOKENS)]
    torch.testing.assert_close(recorder.weights[0].sum(3), torch.ones(1, HEADS, TOKENS))
