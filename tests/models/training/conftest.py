"""Small runs, in a root of the test's own."""

from __future__ import annotations

import dataclasses

import pytest
import torch

from models.training import runs
from models.training.config import Config

SMALL = Config(
    model="mlp", train_samples=200, epochs=3, batch_size=20, every_k=4, seed=1, threads=1, device="cpu"
)


@pytest.fixture(autouse=True)
def root(tmp_path, monkeypatch):
    folder = tmp_path / "runs"
    monkeypatch.setenv("VITRINE_RUNS", str(folder))
    return folder


@pytest.fixture(autouse=True)
def threads():
    """Training sets torch's threads for its whole process."""
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.fixture
def created():
    """A function that makes a run's folder from a small configuration with changes."""
    return lambda **changes: runs.create(dataclasses.replace(SMALL, **changes))
