"""The attention between the tokens of one picture, whichever way a network computes it."""

from __future__ import annotations

import numpy as np
import torch

from dashboard.inspection.engine.attention import AttentionRecorder
from dashboard.inspection.engine.isolation import isolate
from dashboard.records.activations import AttentionMaps
from dashboard.records.network import LayerCall, Survey
from models.classifier import Classifier


def token_call(survey: Survey) -> LayerCall | None:
    """A call whose output are the tokens that attend to each other; None where not all attend to all."""
    if not survey.attentions:
        return None
    return next((call for call in survey.calls if call.layout == "tokens"), None)


def attention_maps(classifier: Classifier, inputs: np.ndarray, survey: Survey) -> AttentionMaps:
    """The attention of every layer and head, from one forward pass.

    Args:
        classifier: shared with other threads; not changed.
        inputs: (C, H, W), normalised.
        survey: of the classifier's network, in which every token attends to every other.
    """
    call = token_call(survey)
    assert call is not None, "this network has no attention of all tokens to all"
    network = isolate(classifier.module)
    with torch.no_grad(), AttentionRecorder() as recorder:
        network(torch.tensor(inputs)[None])
    count = call.shape[0]
    whole = [weights for weights in recorder.weights if weights.shape[-2:] == (count, count)]
    return AttentionMaps(
        weights=torch.cat(whole).float().numpy().copy(),  # (layers, heads, tokens, tokens)
        prefix=call.prefix,
        grid=call.grid,
    )
