"""What is planted is found, and what was trained is left in peace."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from dashboard.inspection.weights.distributions import distributions
from dashboard.inspection.weights.health import ORDER, health
from dashboard.inspection.weights.units import duplicates
from dashboard.records.weights import WeightFinding
from models.classifier import Weights
from models.networks import find_network
from models.runtime.progress import silent
from models.runtime.randomness import fork_rng
from tests.networks import ConvNet, built


def trained(seed: int = 0) -> dict[str, torch.Tensor]:
    """A convolution, a batch norm and a dense layer that look trained."""
    with fork_rng(seed):
        return {
            "conv.weight": torch.randn(32, 8, 3, 3) * 0.2,
            "bn.weight": torch.rand(32) + 0.5,
            "bn.bias": torch.randn(32),
            "bn.running_mean": torch.randn(32),
            "bn.running_var": torch.rand(32) + 0.1,
            "bn.num_batches_tracked": torch.tensor(100),
            "head.weight": torch.randn(10, 32) * 0.4,
            "head.bias": torch.randn(10),
        }


def found(tensors: dict[str, torch.Tensor]) -> dict[tuple[str, str], WeightFinding]:
    weights = Weights.of(tensors, "test")
    return {(one.kind, one.tensor.name): one for one in health(weights, distributions(weights)).findings}


def test_what_looks_trained_is_sound():
    assert found(trained()) == {}


def test_nan_and_infinity_are_found_first():
    tensors = trained()
    tensors["conv.weight"][3, 1, 0, 0] = float("nan")
    tensors["head.bias"][0] = float("-inf")
    tensors["conv.weight"][5] = 0
    findings = list(found(tensors).values())
    assert [one.severity for one in findings] == sorted((one.severity for one in findings), key=ORDER.index)
    assert {one.tensor.name for one in findings if one.severity == "broken"} == {"conv.weight", "head.bias"}
    assert "1 NaN and 0 infinite of 2,304 numbers" in findings[1].measure


def test_dead_filters_are_found_by_number():
    tensors = trained()
    tensors["conv.weight"][[4, 9]] = 0
    tensors["conv.weight"][20] *= 1e-5
    finding = found(tensors)["Dead filters", "conv.weight"]
    assert (finding.units, finding.severity) == ((4, 9, 20), "notice")
    tensors["conv.weight"][:16] = 0
    assert found(tensors)["Dead filters", "conv.weight"].severity == "serious"


def test_duplicates_are_found_with_the_one_they_repeat():
    tensors = trained()
    tensors["conv.weight"][11] = tensors["conv.weight"][2]
    tensors["conv.weight"][30] = tensors["conv.weight"][2] * 1.001
    tensors["conv.weight"][31] = tensors["conv.weight"][3] * 1.2  # of another length: another filter
    assert duplicates(tensors["conv.weight"]) == [(2, 11), (2, 30)]
    finding = found(tensors)["Duplicate filters", "conv.weight"]
    assert finding.units == (11, 30)
    assert "11 = 2" in finding.measure


def test_an_exploding_norm_is_found_and_beyond_use_it_is_broken():
    tensors = trained()
    for factor, severity in ((30, "notice"), (10, "serious"), (100, "broken")):
        tensors["head.weight"] *= factor
        assert found(tensors)["Exploding norm", "head.weight"].severity == severity


def test_a_unit_that_shouts_is_found():
    tensors = trained()
    tensors["conv.weight"][7] *= 30
    assert found(tensors)["Overbearing units", "conv.weight"].units == (7,)


def test_batch_norm_that_never_ran_is_found():
    tensors = trained()
    tensors |= {"bn.running_mean": torch.zeros(32), "bn.running_var": torch.ones(32)}
    assert "no batch seen" not in found(tensors)["Unused batch norm", "bn.running_mean"].measure
    tensors["bn.num_batches_tracked"] = torch.tensor(0)
    assert "no batch seen" in found(tensors)["Unused batch norm", "bn.running_mean"].measure


def test_channels_that_are_switched_off_are_found():
    tensors = trained()
    tensors["bn.weight"][[1, 5]] = 0
    assert found(tensors)["Channels switched off", "bn.weight"].units == (1, 5)


def test_a_negative_variance_is_broken():
    tensors = trained()
    tensors["bn.running_var"][0] = -0.5
    assert found(tensors)["Negative variance", "bn.running_var"].severity == "broken"


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_constant_layers_were_never_trained(value):
    tensors = trained()
    tensors["head.weight"] = torch.full((10, 32), value)
    assert set(found(tensors)) == {("Never trained", "head.weight")}


@pytest.mark.parametrize(
    "draw",
    [
        nn.init.kaiming_normal_,
        nn.init.xavier_normal_,
        lambda weight: nn.init.kaiming_uniform_(weight, a=5**0.5),
    ],
    ids=["Kaiming", "Xavier", "torch's default"],
)
@pytest.mark.parametrize("seed", range(5))
def test_layers_as_they_were_drawn_are_recognised(draw, seed):
    tensors = trained()
    with fork_rng(seed):
        draw(tensors["conv.weight"])
    assert ("Never trained", "conv.weight") in found(tensors)


def test_a_network_of_torch_that_nobody_trained_is_recognised_whole():
    network = built(lambda: nn.Sequential(ConvNet(), nn.Conv2d(16, 32, 3), nn.Linear(64, 100)))
    kinds = [kind for kind, _ in found(network.state_dict())]
    assert kinds.count("Unused batch norm") == 1
    assert kinds.count("Never trained") >= 3


@pytest.mark.parametrize(
    ("name", "expected"), [("mlp", set()), ("cnn", set()), ("vit", set()), ("lenet5", set())]
)
def test_networks_on_board_that_were_trained_are_not_taken_for_untrained(name, expected):
    classifier = find_network(name).load(silent)
    weights = classifier.weights
    kinds = {one.kind for one in health(weights, distributions(weights, classifier.module)).findings}
    assert kinds == expected
