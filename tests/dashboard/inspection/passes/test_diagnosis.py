"""What is planted in a network is found, with its number; what is sound is left in peace."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from dashboard.inspection.passes.diagnosis import findings
from dashboard.records.activations import ActivationHealth
from tests.dashboard.inspection.passes.test_health import Dense, measured
from tests.networks import ConvNet, built


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
