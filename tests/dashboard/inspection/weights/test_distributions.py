"""Statistics against numpy and scipy in float64, histograms whose counts are exact, whatever the numbers."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import stats

from dashboard.inspection.weights.distributions import distributions, summary
from dashboard.inspection.weights.tensors import CHUNK
from dashboard.records.weights import TensorFacts, TensorSummary
from models.classifier import Weights
from models.runtime.randomness import fork_rng
from tests.networks import ConvNet, built


def summed_up(tensor: torch.Tensor) -> TensorSummary:
    known = TensorFacts("x.weight", "x", "weight", "dense", str(tensor.dtype), tuple(tensor.shape), None)
    return summary(known, tensor)


def drawn(kind: str, count: int) -> torch.Tensor:
    with fork_rng(3):
        return {
            "normal": lambda: torch.randn(count) * 0.02 + 0.001,
            "uniform": lambda: torch.rand(count) - 0.5,
            "heavy": lambda: torch.randn(count) ** 3,
            "far from zero": lambda: torch.randn(count) * 1e-3 + 1000,
            "tiny": lambda: torch.randn(count) * 1e-12,
            "huge": lambda: torch.randn(count) * 1e30,
        }[kind]()


@pytest.mark.parametrize("kind", ["normal", "uniform", "heavy", "far from zero", "tiny", "huge"])
@pytest.mark.parametrize("count", [7, CHUNK, 5 * CHUNK + 11])
def test_statistics_are_those_of_numpy_in_double_precision(kind, count):
    tensor = drawn(kind, count)
    values, found = tensor.numpy().astype(np.float64), summed_up(tensor)
    assert (found.low, found.high) == (values.min(), values.max())
    assert found.mean == pytest.approx(values.mean(), rel=1e-9, abs=1e-12 * abs(values).max())
    assert found.std == pytest.approx(values.std(), rel=1e-9)
    assert found.norm == pytest.approx(np.linalg.norm(values), rel=1e-9)
    # Excess over the normal distribution's, without a correction of the bias.
    assert found.kurtosis == pytest.approx(stats.kurtosis(values, fisher=True, bias=True), rel=1e-7, abs=1e-9)
    assert found.near_zeros == np.sum(abs(values) <= np.float32(abs(values).max() / 254))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_histogram_counts_every_number_in_its_own_bin(dtype):
    tensor = torch.cat([drawn("normal", 10_000), torch.zeros(17), torch.tensor([3e4, -2e4, 1e-7])]).to(dtype)
    found = summed_up(tensor).histogram
    values = tensor.double().numpy()
    assert found.total == len(values)
    assert (found.left < found.right).all()
    assert (found.left[1:] >= found.right[:-1]).all()
    for left, right, count in zip(found.left, found.right, found.counts, strict=True):
        # A bin begins at its end that is nearer to zero, which counts to it.
        inside = (values >= left) & (values < right) if left >= 0 else (values > left) & (values <= right)
        assert inside.sum() == count


def test_bins_are_narrower_than_a_thirtieth_of_their_value():
    found = summed_up(drawn("heavy", 50_000)).histogram
    normal = np.minimum(abs(found.left), abs(found.right)) > 1e-30
    widths = (found.right - found.left)[normal] / np.minimum(abs(found.left), abs(found.right))[normal]
    assert widths.max() < 1 / 30


def test_nan_and_infinities_are_counted_and_left_out():
    sound = drawn("normal", 5000)
    broken = torch.cat([sound, torch.tensor([float("nan")] * 3 + [float("inf"), -float("inf")])])
    with fork_rng(1):
        broken = broken[torch.randperm(len(broken))]
    found, expected = summed_up(broken), summed_up(sound)
    assert (found.nan, found.infinite, found.finite) == (3, 2, 5000)
    assert found.histogram.total == 5000
    assert found.mean == pytest.approx(expected.mean, rel=1e-9)
    assert found.std == pytest.approx(expected.std, rel=1e-9)
    assert found.kurtosis == pytest.approx(expected.kurtosis, rel=1e-9)


def test_a_tensor_of_nothing_but_nan_has_no_statistics():
    found = summed_up(torch.full((4,), float("nan")))
    assert (found.nan, found.finite, len(found.histogram.counts)) == (4, 0, 0)
    assert np.isnan([found.mean, found.std, found.norm, found.kurtosis]).all()


@pytest.mark.parametrize("value", [0.0, 1.0, -0.25])
def test_a_constant_has_no_spread_and_no_kurtosis(value):
    found = summed_up(torch.full((1000,), value))
    assert (found.mean, found.std, found.low, found.high) == (value, 0, value, value)
    assert np.isnan(found.kurtosis)
    assert found.zeros == (1000 if value == 0 else 0)


@pytest.mark.parametrize(
    "tensor", [torch.zeros(0), torch.tensor(2.5), torch.zeros(3, 0)], ids=["none", "one", "empty"]
)
def test_empty_tensors_and_single_numbers_are_summed_up(tensor):
    found = summed_up(tensor)
    assert found.finite == found.histogram.total == tensor.numel()


def test_whole_numbers_and_truth_values_have_no_histogram():
    found = summed_up(torch.tensor([3, 2**40, -1]))
    assert (found.low, found.high, found.histogram.total) == (-1, 2**40, 0)
    assert summed_up(torch.tensor([True, False, True])).mean == pytest.approx(2 / 3)


def test_a_whole_network_is_summed_up_and_progress_is_told():
    network = built(ConvNet)
    told: list[float] = []
    found = distributions(Weights.of(network.state_dict(), "test"), network, told.append)
    assert len(found.tensors) == len(network.state_dict())
    assert told == sorted(told) and told[0] == 0
    assert {one.facts.kind for one in found.of("weight")} == {"Conv2d", "Linear"}
    assert found.find("bn1.weight") is not None and found.find("nothing") is None
