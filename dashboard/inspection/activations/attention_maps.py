"""The attention between the tokens of one picture, whichever way a network computes it."""

from __future__ import annotations

import numpy as np
import torch

from dashboard.inspection.engine.attention import AttentionRecorder
from dashboard.inspection.engine.capture import token_order
from dashboard.inspection.engine.isolation import isolate
from dashboard.records.activations import AttentionMaps
from dashboard.records.network import Survey
from models.classifier import Classifier


def attention_maps(classifier: Classifier, inputs: np.ndarray, survey: Survey) -> AttentionMaps:
    """The attention of every layer and head, from one forward pass.

    Args:
        classifier: shared with other threads; not changed.
        inputs: (C, H, W), normalised.
        survey: of the classifier's network, in which every token attends to every other.
    """
    call = survey.attended
    assert call is not None, "this network has no attention of all tokens to all"
    with torch.no_grad(), AttentionRecorder() as recorder:
        isolate(classifier.module)(torch.tensor(inputs)[None])
    weights = torch.cat([recorder.weights[place] for place in survey.attentions]).float()
    if call.unrolled:
        order = torch.cat([torch.arange(call.prefix), call.prefix + token_order(call.grid, call.unrolled)])
        weights = weights[:, :, order][:, :, :, order]
    return AttentionMaps(
        weights=weights.numpy().copy(),  # (layers, heads, tokens, tokens)
        prefix=call.prefix,
        grid=call.grid,
    )
