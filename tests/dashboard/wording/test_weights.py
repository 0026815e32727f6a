"""What is said on top follows from the numbers."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from dashboard.inspection.weights import comparison as compared
from dashboard.inspection.weights.distributions import distributions as summed_up
from dashboard.inspection.weights.health import health as examined
from dashboard.inspection.weights.tensors import facts
from dashboard.records.histogram import Histogram
from dashboard.records.weights import Precision, Track
from dashboard.wording import spectrum
from dashboard.wording import weights as wording
from models.classifier import Weights
from models.parametrisations import Parametrisation
from models.runtime.randomness import fork_rng


def layers(*stds: float) -> dict[str, torch.Tensor]:
    with fork_rng(0):
        return {f"{place}.weight": torch.randn(50, 50) * std for place, std in enumerate(stds)}


def test_a_layer_that_stands_out_is_named():
    found = summed_up(Weights.of(layers(0.1, 0.1, 0.1, 2.0), "test"))
    said = wording.headline("Net (MNIST)", found.of("weight"), found.tensors)
    assert said.startswith("3 stands out in Net: its weights are spread 2")
    assert said.endswith(" times as wide as is usual there for a layer's size.")
    single = summed_up(Weights.of(layers(0.1), "test"))
    assert "one layer of weights" in wording.headline("Net", single.of("weight"), single.tensors)
    even = summed_up(Weights.of(layers(0.1, 0.11, 0.12), "test"))
    assert "No layer of Net stands out: its 7.5 k weights" in wording.headline(
        "Net", even.of("weight"), even.tensors
    )


def test_broken_numbers_come_before_all_else():
    tensors = layers(0.1)
    tensors["0.weight"][0, 0] = float("nan")
    found = summed_up(Weights.of(tensors, "test"))
    assert wording.headline("Net (MNIST)", found.of("weight"), found.tensors).startswith(
        "Net is broken: 1 number is NaN or infinite, in 0.weight; nothing behind"
    )


def test_a_fresh_network_has_learned_nothing():
    with fork_rng(0):
        network = nn.Sequential(nn.Linear(100, 100), nn.Linear(100, 100))
    found = summed_up(Weights.of(network.state_dict(), "test"))
    assert "Net has learned nothing yet" in wording.headline("Net (MNIST)", found.of("weight"), found.tensors)


def test_changes_are_counted_by_their_words():
    before, after = layers(0.1, 0.1, 0.1), layers(0.1, 0.1, 0.1)
    after["1.weight"] = after["1.weight"] * 1.1
    after["2.weight"] = -after["2.weight"]
    found = compared.comparison(Weights.of(after, "after"), Weights.of(before, "before"))
    said = wording.comparison_headline("Net", found, "the start")
    assert said == (
        "Net differs from the start most in 2 (it moved by 200 %) and least in 0 (0 %); of 3 layers, 1 is frozen, 1 is "
        "trained and 1 is rewritten."
    )
    same = compared.comparison(Weights.of(before, "a"), Weights.of(before, "b"))
    assert (
        wording.comparison_headline("Net", same, "the start")
        == "Every weight of Net is exactly that of the start."
    )


def test_health_counts_tensors_by_what_they_have():
    tensors = {**layers(0.4, 0.4), "2.weight": torch.zeros(5, 5)}
    tensors["0.weight"][3] = 0
    tensors["1.weight"][4] = 0
    weights = Weights.of(tensors, "test")
    findings = examined(weights, summed_up(weights)).findings
    assert (
        wording.health_headline("Net", findings, 3)
        == "Net has a serious fault: never trained in 1 tensor, dead filters in 2 tensors."
    )
    assert wording.health_headline("Net", [one for one in findings if one.severity == "notice"], 3) == (
        "Nothing in these weights breaks Net: dead filters in 2 tensors."
    )
    weights.tensors["1.weight"][0, 0] = torch.nan
    lost = examined(weights, summed_up(weights)).findings
    assert wording.health_headline("Net", lost, 3).startswith("Net is broken: NaN or infinite in 1 tensor, ")
    assert (
        wording.health_headline("Net", (), 3)
        == "Net is sound: nothing is broken, dead or untrained in 3 tensors."
    )


@pytest.mark.parametrize(
    ("shape_", "fold", "words"),
    [
        ((8, 3, 5, 5), None, "8 colour filters of 5 x 5"),
        ((8, 4, 3, 3), None, "8 filters of 3 x 3"),
        ((8, 4, 1, 1), None, "8 units with 4 inputs each"),
        ((8, 784), (28, 28), "8 units that each weigh all 28 x 28 pixels"),
    ],
)
def test_filters_are_named_for_what_they_are(shape_, fold, words):
    known = facts({"conv.weight": torch.ones(shape_)})[0]
    said = wording.filters_headline(known, [1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 3.0, 1.0], fold)
    what = "Filter" if "filter" in words else "Unit"
    assert said == f"{what} 6 of conv weighs most, 3 times the usual; of its {words}, 1 is nearly empty."
    level = wording.filters_headline(known, [2.0] * 2 + [1.0] * 6, fold)
    assert level.startswith(f"{what}s 0 and 1 of conv weigh alike most, 2 times the usual; ")


def test_training_is_told_by_spread_and_movement():
    one = Histogram(np.array([0.0]), np.array([1.0]), np.array([5]))
    moving = Track("a", np.array([1, 9]), (one, one), np.array([1.0, 2.0]), np.array([np.nan, 0.3]))
    assert wording.history_headline(moving, "r") == (
        "a of r is still on the move: it moved by 30 % at first and by 30 % at last; its spread grew from 1 to 2 "
        "between steps 1 and 9."
    )
    still = Track("a", np.array([1, 9]), (one, one), np.array([1.0, 1.01]), np.array([np.nan, np.nan]))
    assert (
        wording.history_headline(still, "r") == "Of a of r, its spread hardly changed between steps 1 and 9."
    )
    constant = Track("a", np.array([1, 9]), (one, one), np.array([0.0, 0.0]), np.array([np.nan, np.nan]))
    assert (
        wording.history_headline(constant, "r")
        == "Of a of r, its spread hardly changed between steps 1 and 9."
    )
    begun = Track("a", np.array([0, 9]), (one, one), np.array([0.0, 0.5]), np.array([np.nan, np.nan]))
    assert (
        wording.history_headline(begun, "r")
        == "Of a of r, its spread grew from 0 to 0.5 between steps 0 and 9."
    )


def test_spectra_and_bytes_are_told():
    weights = Weights.of(layers(0.1), "test")
    from dashboard.inspection.weights.spectrum import spectra

    assert "uses the smallest share of its directions" in spectrum.headline("Net", spectra(weights).found)
    assert spectrum.headline("Net", ()) == "Net has no matrix with a spectrum."
    cheap = Precision("eight bits", 2600, 0.02, 0.1, 0, 0.9, same=True)
    assert wording.footprint_headline("Net", {"0.weight": 10_000}, [cheap]) == (
        "Net takes 10 kB; in eight bits it would take 2.6 kB, with the same answer to this photo, its scores off by "
        "2 %."
    )
    wrong = Precision("eight bits", 2600, 0.02, 0.1, 0, 0.9, same=False)
    assert (
        wording.footprint_headline("Net", {"0.weight": 10_000}, [wrong])
        == "Net takes 10 kB, 100 % of it in 0.weight."
    )


def test_a_shape_as_people_write_it():
    known = facts({"a.weight": torch.ones(2, 2), "scale": torch.tensor(1.0)})
    assert [wording.shape(one) for one in known] == ["2 x 2", "one number"]


def test_what_is_computed_is_named_with_the_share_that_pruning_set_to_zero():
    computed = (
        Parametrisation("pruning", "a.weight", 0.5),
        Parametrisation("weight norm", "b.weight", 0.0),
        *(Parametrisation("pruning", f"c{number}.weight", 0.3) for number in range(5)),
    )
    assert wording.computed_weights(computed) == (
        "Shown are the weights as the network computes them. Pruning is applied to a.weight (50 % are 0), c0.weight "
        "(30 % are 0), c1.weight (30 % are 0), c2.weight (30 % are 0), c3.weight (30 % are 0) and 1 more. Weight norm "
        "is applied to b.weight."
    )
