"""A forward pass, the layers and their times belong to a network, and to the picture where it matters."""

from __future__ import annotations

import dataclasses

import pytest

from dashboard.results import network


def test_a_forward_pass_ends_in_the_logits(mlp):
    forward = network.forward(mlp).work(lambda _: None)
    last = mlp.survey.calls[-1].name
    assert forward.spreads[last].mean == pytest.approx(mlp.prediction.logits.mean(), rel=1e-4)


def test_the_architecture_has_all_parameters(mlp):
    architecture = network.architecture(mlp).work(lambda _: None)
    assert architecture.parameters == 784 * 128 + 128 + 128 * 64 + 64 + 64 * 10 + 10


def test_each_layer_is_timed_once_for_all_pictures(mlp):
    timing = network.timing(mlp).work(lambda _: None)
    assert {call.name for call in mlp.survey.calls} <= set(timing.names)
    assert timing.bare > 0
    other = dataclasses.replace(mlp, seen=dataclasses.replace(mlp.seen, digest="another"))
    assert network.timing(other).key == network.timing(mlp).key
    assert network.forward(other).key != network.forward(mlp).key
    assert network.architecture(other).key != network.architecture(mlp).key
