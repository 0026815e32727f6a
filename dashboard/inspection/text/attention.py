"""Attention: how much each word looks at each, and how much each is looked at."""

from __future__ import annotations

import numpy as np

from dashboard.inspection.attribution.method import Paper
from dashboard.inspection.text.method import NO_WORDS, RawTextAttribution, TextMethod, TextTask
from dashboard.records.text import TextAttention
from models.text.networks import TextNetwork
from models.text.tokenizer import Tokens

NO_ATTENTION = "No word looks at another in this network: it has no layer of attention."


def attention_heads(network: TextNetwork, tokens: Tokens) -> TextAttention:
    """How much each word looks at each, in every head of every layer.

    Args:
        network: shared with other threads; not changed.
        tokens: of one text.
    """
    import torch

    if not len(tokens):
        return TextAttention(None, NO_WORDS)
    with torch.no_grad():
        weights = network.attention(torch.from_numpy(tokens.ids)[None])
    if weights is None:
        return TextAttention(None, NO_ATTENTION)
    return TextAttention(np.asarray(weights[0].float()))


def _limit(network: TextNetwork) -> str | None:
    return None if network.attends else NO_ATTENTION


def _run(task: TextTask) -> RawTextAttribution:
    weights = task.network.attention(task.ids)  # (1, layers, heads, L, L)
    assert weights is not None, "a network without attention is refused"
    return RawTextAttribution(weights[0].double().mean((0, 1, 2)))


METHOD = TextMethod(
    name="attention_received",
    title="Attention",
    question="Which words do the others look at?",
    reading="The bluer a word, the more all words look at it, on average over every head. Where a network looks is "
    "not what its answer depends on: hold it against what the words change.",
    formula=r"\frac{1}{|H| L} \sum_{h \in H} \sum_{j} \mathrm{softmax}_i \big( q_{hj} \cdot k_{hi} / \sqrt{d} \big)",
    paper=Paper(
        "Vaswani et al. 2017, Attention Is All You Need; Jain and Wallace 2019, Attention is not Explanation",
        "https://arxiv.org/abs/1902.10186",
    ),
    signed=False,
    cost="instant",
    run=_run,
    texts=lambda parameters, parts: 1,
    limit=_limit,
)
