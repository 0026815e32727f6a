"""The zoo's entries of the small networks: every architecture for every dataset on board."""

from __future__ import annotations

import random
import subprocess
import sys

import numpy as np
import pytest
import torch

from models.datasets import find_dataset
from models.runtime.progress import silent
from models.zoo.small import ARCHITECTURES
from models.zoo.small import entries as small
from models.zoo.small.entries import SUFFIXES, entries
from tests.paths import ROOT

every_entry = pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.name)


def test_there_is_one_entry_per_architecture_and_dataset_and_an_untrained_one():
    names = [entry.name for entry in entries()]
    assert len(set(names)) == len(names) == len(ARCHITECTURES) * len(SUFFIXES) + 1
    assert {"mlp", "lenet5", "cnn", "resnet", "vit", "mlp-fashion"} <= set(names)


def test_without_its_file_a_network_is_untrained(monkeypatch, tmp_path):
    monkeypatch.setattr(small, "FOLDER", tmp_path)
    assert not any(entry.trained for entry in entries())
    assert all("untrained" in entry.title for entry in entries())


def test_one_entry_is_untrained_and_says_so():
    (untrained,) = [entry for entry in entries() if entry.name.endswith("-untrained")]
    assert not untrained.trained
    classifier = untrained.load(silent)
    assert "untrained" in classifier.title
    assert classifier.provenance.accuracy is None
    assert classifier.provenance.trained_on == ""


@every_entry
def test_entry_loads_what_it_says(entry):
    classifier = entry.load(silent)
    dataset = find_dataset(entry.fits)
    assert (classifier.name, classifier.title, classifier.fits) == (entry.name, entry.title, entry.fits)
    assert classifier.trained is entry.trained is ("untrained" not in entry.title)
    assert entry.on_board
    assert classifier.classes == dataset.classes
    assert not classifier.module.training
    assert not any(p.requires_grad for p in classifier.module.parameters())


@every_entry
def test_entry_reads_its_dataset(entry):
    classifier = entry.load(silent)
    picture, _ = find_dataset(entry.fits).picture("test", 0)
    logits = classifier.module(classifier.preprocessing.transforms()(picture)[None])
    assert logits.shape == (1, 10)
    assert logits.isfinite().all()


@pytest.mark.slow
@every_entry
def test_weights_are_the_same_at_every_load(entry):
    torch.manual_seed(5)
    first = entry.load(silent)
    torch.manual_seed(6)
    second = entry.load(silent)
    assert first.weights.digest == second.weights.digest
    assert first.module is not second.module


@every_entry
def test_loading_leaves_the_generators_alone(entry):
    torch_state, numpy_state, python_state = torch.get_rng_state(), np.random.get_state(), random.getstate()
    entry.load(silent)
    assert torch.get_rng_state().equal(torch_state)
    assert all(np.array_equal(a, b) for a, b in zip(np.random.get_state(), numpy_state, strict=True))
    assert random.getstate() == python_state


def test_tables_are_read_without_heavy_imports():
    code = (
        "import sys, models.datasets\n"
        "from models.zoo.small.entries import entries\n"
        "entries()\n"
        "print([m for m in ('torch', 'torchvision', 'timm', 'captum') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
