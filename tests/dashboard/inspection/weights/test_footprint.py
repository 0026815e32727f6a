"""Bytes that are counted, and costs that are measured."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dashboard.inspection.weights.footprint import FORMATS, per_channel, per_tensor, precisions, stored_bytes
from models.classifier import Weights
from models.runtime.randomness import fork_rng
from tests.networks import ConvNet, Linear, Tied, built, classifier, pixels, untouched


def test_eight_bits_are_off_by_half_a_step_at_most():
    with fork_rng(0):
        tensor = torch.randn(6, 4, 3, 3) * torch.tensor([1, 10, 0.1, 0, 3, 1e-6]).view(-1, 1, 1, 1)
    limits = tensor.flatten(1).abs().amax(1).view(-1, 1, 1, 1)
    rounded = per_channel(tensor)
    assert ((rounded - tensor).abs() <= limits / 254 * (1 + 1e-5)).all()
    assert all(len(unit.unique()) <= 255 for unit in rounded)
    one = per_tensor(tensor)
    assert ((one - tensor).abs() <= tensor.abs().max() / 254 * (1 + 1e-5)).all()
    assert len(one.unique()) <= 255
    # What is small beside the largest is lost on one scale, and kept on its own.
    assert (one[5] == 0).all() and (rounded[5] != 0).any()


def test_vectors_keep_their_bits():
    bias = torch.tensor([0.1, 0.2, 0.3])
    assert per_channel(bias) is bias and per_tensor(bias) is bias


def test_costs_are_those_of_a_network_that_is_known():
    module = built(Linear)
    network = classifier(module)
    inputs = pixels()
    with untouched(network.module):
        found = {one.title: one for one in precisions(network, inputs)}
    weight, bias = module.head.weight, module.head.bias
    flat = torch.tensor(inputs).flatten()
    exact = (weight @ flat + bias).double()
    for one in FORMATS:
        logits = (one.round(weight) @ flat + one.round(bias)).double()
        assert found[one.title].largest == pytest.approx(
            float((logits - exact).abs().max()), rel=1e-3, abs=1e-7
        )
    assert found["float32"].error == 0 and found["float32"].same
    assert 0 < found["float16"].error < found["bfloat16"].error < 0.02
    assert found["float32"].bytes == 4 * (3 * 64 + 3)
    assert found["int8 with a scale per unit"].bytes == 3 * 64 + 4 * 3 + 4 * 3


def test_every_format_answers_on_a_convolution():
    found = precisions(classifier(built(ConvNet)), pixels())
    assert [one.title for one in found] == [one.title for one in FORMATS]
    assert all(np.isfinite([one.error, one.largest]).all() and one.probability is not None for one in found)


def test_bytes_of_shared_tensors_count_once():
    network = built(Tied)
    found = stored_bytes(Weights.of(network.state_dict(), "test"))
    assert found["first.weight"] == 4 * 9
    assert found["second.weight"] == 0
    assert sum(found.values()) == sum(
        one.numel() * one.element_size() for one in {*network.parameters(), *network.buffers()}
    )
