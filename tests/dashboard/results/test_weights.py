"""Weights are looked at with the network that they belong to, or alone; the two are not the same result."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils import prune

from dashboard.results import weights
from models.classifier import Weights
from models.training import runs
from tests.networks import Linear, classifier

LINEAR = classifier(Linear())


def _value(result):
    return result.work(lambda _: None)


def test_tensors_alone_are_another_result_than_those_of_a_network():
    for make in (weights.distributions, weights.spectra):
        assert make(LINEAR).key != make(LINEAR.weights).key
        assert make(LINEAR).key == make(dataclasses.replace(LINEAR, title="Another")).key


def test_distributions_and_health_are_of_every_tensor():
    distributions = _value(weights.distributions(LINEAR.weights))
    assert {tensor.facts.name for tensor in distributions.tensors} == set(LINEAR.weights.tensors)
    holes = {name: torch.full_like(tensor, torch.nan) for name, tensor in LINEAR.weights.tensors.items()}
    broken = Weights.of(holes, "test")
    health = _value(weights.health(broken, _value(weights.distributions(broken))))
    spoiled = [finding.tensor.name for finding in health.findings if finding.severity == "broken"]
    assert sorted(spoiled) == sorted(holes)


def test_what_is_pruned_is_shown_as_it_is_computed_and_its_mask_is_no_weight():
    module = nn.Sequential(nn.Linear(4, 6), nn.Linear(6, 2))
    prune.l1_unstructured(module[0], "weight", 0.5)
    pruned = Weights.of(module.state_dict(), "test")
    summaries = {one.facts.name: one for one in _value(weights.distributions(pruned)).tensors}
    assert set(summaries) == {"0.weight", "0.bias", "1.weight", "1.bias"}
    assert summaries["0.weight"].zeros == 12
    assert sum(one.facts.count for one in summaries.values()) == 24 + 6 + 12 + 2
    assert [one.facts.name for one in _value(weights.spectra(pruned)).found] == ["0.weight", "1.weight"]
    assert pruned.effective.key != pruned.key
    assert LINEAR.weights.effective is LINEAR.weights


def test_spectra_are_singular_values():
    (spectrum,) = _value(weights.spectra(LINEAR)).found
    expected = np.linalg.svd(LINEAR.weights.tensors["head.weight"].numpy(), compute_uv=False)
    assert np.sort(spectrum.values)[::-1] == pytest.approx(expected, rel=1e-5)


def test_a_comparison_is_keyed_by_both():
    other = classifier(Linear(), classes=3)
    doubled = Weights.of({name: 2 * tensor for name, tensor in LINEAR.weights.tensors.items()}, "test")
    changes = _value(weights.comparison(LINEAR, doubled)).changes
    # Relative to what it was: half of the doubled.
    assert [change.relative for change in changes] == pytest.approx([0.5] * len(changes), rel=1e-5)
    keys = {weights.comparison(LINEAR, against).key for against in (doubled, LINEAR.weights, other.weights)}
    assert len(keys) == 3
    assert weights.comparison(LINEAR, doubled).key != weights.comparison(LINEAR.weights, doubled).key


def test_smaller_numbers_take_fewer_bytes(mlp):
    precisions = {precision.title: precision for precision in _value(weights.precisions(mlp))}
    sizes = sorted(precision.bytes for precision in precisions.values())
    assert len(sizes) > 2 and sizes[0] < sizes[-1]


def test_a_history_is_of_the_checkpoints_that_are_there():
    kept = runs.find("example-healthy").checkpoints().all
    history = _value(weights.history(kept))
    assert [int(step) for step in history.tracks[0].steps] == [checkpoint.step for checkpoint in kept]
    assert weights.history(kept).key != weights.history(kept[1:]).key
