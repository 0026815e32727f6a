"""What is planted in a network is found, with its number; what is sound is left in peace."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import nn

from dashboard.inspection.engine.survey import survey
from dashboard.inspection.passes.diagnosis import findings
from dashboard.inspection.passes.health import health
from dashboard.inspection.passes.pool import dataset_pool
from dashboard.records.activations import ActivationHealth
from models.datasets.embedded import MNIST_10K
from models.training import runs, session
from models.training.config import Config
from models.zoo.embedded import build_with_weights
from tests.dashboard.inspection.passes.test_health import Dense, measured
from tests.networks import ConvNet, built, classifier


def titles(found: ActivationHealth) -> list[str]:
    return [finding.title for finding in findings(found)]


def test_a_leak_lets_something_through():
    module = built(lambda: Dense(nn.LeakyReLU()))
    module.first.bias.data[:] = -1e4
    assert "Dead units" not in titles(measured(module))


@pytest.mark.parametrize(("factor", "title"), [(1e-5, "Signal vanishes"), (1e6, "Signal explodes")])
def test_signals_that_vanish_or_explode(factor, title):
    module = built(ConvNet)
    module.conv2.weight.data *= factor
    module.conv2.bias.data *= 0
    found = measured(module)
    (finding,) = (one for one in findings(found) if one.title == title)
    assert "conv2" in finding.says


def test_what_is_no_number_comes_first():
    module = built(ConvNet)
    module.conv2.bias.data[0] = torch.inf
    found = measured(module)
    assert findings(found)[0].title == "Not finite"
    assert "first at conv2" in findings(found)[0].says


def test_a_healthy_network_has_nothing():
    assert titles(measured(built(lambda: ConvNet(nn.GELU)))) == []


@pytest.mark.slow
@pytest.mark.parametrize(("activation", "title"), [("relu", "Dead units"), ("tanh", "Saturated units")])
def test_too_large_steps_kill_relu_and_saturate_tanh(activation, title, tmp_path):
    config = Config(
        model="mlp",
        activation=activation,
        learning_rate=0.03,
        epochs=3,
        train_samples=3000,
        threads=1,
        device="cpu",
    )
    run = runs.create(config, "large-steps", tmp_path)
    assert session.train(run.path, config) == "finished"
    network = build_with_weights(config.architecture.build, run.checkpoint().tensors())
    of = replace(classifier(network, side=28, classes=10), preprocessing=MNIST_10K.preprocessing)
    pictures = dataset_pool(MNIST_10K, of, 500)
    found = health(of, pictures, survey(of.module, pictures.take([0])))
    assert title in titles(found)
