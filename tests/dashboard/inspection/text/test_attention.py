"""Attention is read in every head, and refused where there is none."""

from __future__ import annotations

import numpy as np

from dashboard.inspection.text.attention import METHOD, NO_ATTENTION, attention_heads
from dashboard.inspection.text.method import NO_WORDS
from dashboard.inspection.text.run import TextRequest, attribute
from models.runtime.randomness import fork_rng
from models.text.networks import Transformer
from tests.dashboard.inspection.text.words import SPAM, TOKENIZER, Additive

TOKENS = TOKENIZER.encode("free money free")


def test_every_head_looks_somewhere():
    with fork_rng(0):
        network = Transformer(2, len(TOKENIZER)).eval()
    record = attention_heads(network, TOKENS)
    assert record.weights is not None and record.refusal == ""
    assert record.weights.shape == (1, 4, 3, 3) and np.allclose(record.weights.sum(-1), 1)
    received = attribute(network, TOKENS, method=METHOD, request=TextRequest(SPAM))
    assert received.values is not None
    assert np.allclose(received.values, record.weights[0].mean(0).mean(0), atol=1e-6)
    assert not received.signed


def test_a_network_without_attention_is_refused_with_the_reason():
    assert attention_heads(Additive(), TOKENS).refusal == NO_ATTENTION
    assert attention_heads(Additive(), TOKENIZER.encode("")).refusal == NO_WORDS
    record = attribute(Additive(), TOKENS, method=METHOD, request=TextRequest(SPAM))
    assert (record.outcome.kind, record.outcome.reason, record.values) == ("refused", NO_ATTENTION, None)
