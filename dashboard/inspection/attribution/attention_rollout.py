"""Attention rollout: attention followed from the answer's token back through all layers to the patches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.inspection.attribution.method import Method, Paper, RawAttribution, Task, sum_channels
from dashboard.records.network import LayerCall, Survey

if TYPE_CHECKING:
    from torch import Tensor


def _refusal(survey: Survey) -> str | None:
    if survey.attentions and not survey.unlike:
        return None
    return (
        "It follows the attention of every patch to every other through all layers, and this network has "
        f"{survey.unlike or 'no attention of that kind'}."
    )


def _run(task: Task) -> RawAttribution:
    import torch

    from dashboard.inspection.engine.attention import AttentionRecorder
    from dashboard.inspection.engine.capture import grid_maps

    survey, call = task.survey, task.survey.attended
    assert call is not None, "a network without attention of all tokens to all is refused"
    with torch.no_grad(), AttentionRecorder() as recorder:
        task.explained(task.inputs)
    mixed = rollout([recorder.weights[place] for place in survey.attentions])
    if survey.pooled:
        row = read(mixed, recorder.weights[-survey.pooled :])
    else:
        # Where the answer depends on the last patches it is read from all of them, else from the class token.
        first = call.prefix if call.prefix and _last_tokens(survey, call).reached else 0
        row = (
            mixed[first : first + call.grid[0] * call.grid[1]].mean(0)
            if first or not call.prefix
            else mixed[0]
        )
    return RawAttribution(grid_maps(row[None, :, None], call))


def rollout(weights: list[Tensor]) -> Tensor:
    """How much of each first token is in each last one: (tokens, tokens), rows adding up to one.

    Args:
        weights: of each layer, (1, heads, tokens, tokens). Heads are averaged; half of what leaves a layer has come
            past it, by the residual connection.
    """
    import torch

    identity = torch.eye(weights[0].shape[-1])
    mixed = identity
    for layer in weights:
        mixed = (layer[0].mean(0) + identity) / 2 @ mixed
    return mixed


def read(mixed: Tensor, weights: list[Tensor]) -> Tensor:
    """How much of each first token is in what is read from the last ones: (tokens,).

    Args:
        mixed: as `rollout` gives it, (tokens, tokens).
        weights: of the attentions that read, (1, heads, queries, tokens), or (1, heads, 1, 1 + tokens) where a class
            token reads itself too; half of it has then come past each, by the residual connection.
    """
    import torch

    row = torch.zeros(len(mixed))
    for layer in weights:
        share = layer[0].mean((0, 1))
        joined = len(share) > len(mixed)
        row = (row + share[0] * row + share[1:] @ mixed) / 2 if joined else share @ mixed
    return row


def _last_tokens(survey: Survey, attended: LayerCall) -> LayerCall:
    tokens = [call for call in survey.calls if call.layout == "tokens" and call.shape[0] == attended.shape[0]]
    return tokens[-1]


METHOD = Method(
    name="attention_rollout",
    title="Attention rollout",
    group="where",
    question="Which patches has the network gathered its answer from?",
    reading="Bright patches had most of a say in the token that the answer is read from, by attention alone. It is the "
    "same whichever class is asked about, and says nothing for or against.",
    formula=r"\tilde A = \hat A^{(L)} \cdots \hat A^{(1)}, \quad "
    r"\hat A^{(l)} = \tfrac{1}{2} \Big( I + \tfrac{1}{H} \sum_h A^{(l)}_h \Big)",
    paper=Paper(
        "Abnar and Zuidema 2020, Quantifying Attention Flow in Transformers",
        "https://arxiv.org/abs/2005.00928",
    ),
    signed=False,
    cost="instant",
    run=_run,
    own=True,
    join=sum_channels,
    pictures=lambda parameters, size: 1,
    limit=_refusal,
    differentiates=False,
)
