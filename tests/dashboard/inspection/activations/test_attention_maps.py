"""Attention of every layer and head against the network's own softmax."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from dashboard.inspection.activations.attention_maps import attention_maps
from dashboard.inspection.engine.capture import watch
from dashboard.inspection.engine.isolation import isolate
from dashboard.records.network import LayerCall
from models.zoo.small import ARCHITECTURES
from tests.networks import ConvNet, built, classifier, pixels, surveyed, untouched


def test_every_head_is_the_softmax_of_the_network():
    of, inputs = classifier(built(ARCHITECTURES["vit"].build), side=28, classes=10), pixels(side=28)
    survey = surveyed(of, inputs)
    with untouched(of.module):
        found = attention_maps(of, inputs, survey)
    kept: list[Tensor] = []

    def keep(call: LayerCall, output: Tensor) -> None:
        kept.append(output.clone())

    network = isolate(of.module)
    watch(network, [call for call in survey.calls if call.kind == "Softmax"], keep)
    with torch.no_grad():
        network(torch.tensor(inputs)[None])
    np.testing.assert_allclose(found.weights, torch.cat(kept), rtol=1e-6)
    assert (found.weights.shape, found.prefix, found.grid) == ((4, 4, 50, 50), 1, (7, 7))
    np.testing.assert_allclose(found.weights.sum(-1), 1, rtol=1e-5)


def test_over_the_picture_a_token_pays_what_others_do_not_get():
    of, inputs = classifier(built(ARCHITECTURES["vit"].build), side=28, classes=10), pixels(side=28)
    found = attention_maps(of, inputs, surveyed(of, inputs))
    shown = found.over_picture(2, 0)
    assert shown.shape == (4, 7, 7)
    np.testing.assert_allclose(shown.sum((1, 2)), 1 - found.weights[2, :, 0, 0], rtol=1e-5)
    assert shown[1, 3, 2] == found.weights[2, 1, 0, 1 + 3 * 7 + 2]


def test_a_convolutional_network_has_none():
    survey = surveyed(classifier(built(ConvNet)), pixels())
    assert (survey.attentions, survey.attended, survey.unlike) == ((), None, "")
