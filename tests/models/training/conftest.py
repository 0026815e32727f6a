"""Small runs, in a root of the test's own."""

from __future__ import annotations

import dataclasses
import shutil

import pytest
import torch

from models.training import runs, session
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


@pytest.fixture(scope="session")
def train_once(tmp_path_factory):
    """A function from changes of the small configuration to a run that was trained with them, once for all
    tests; not to be written to."""
    folder, finished = tmp_path_factory.mktemp("finished"), {}

    def finish(**changes):
        config = dataclasses.replace(SMALL, **changes)
        if config not in finished:
            run, threads = runs.create(config, folder=folder), torch.get_num_threads()
            assert session.train(run.path, config) == "finished"
            torch.set_num_threads(threads)
            finished[config] = run
        return finished[config]

    return finish


@pytest.fixture
def finished_run(root, train_once):
    """A finished run of the small configuration with changes, in the root of the test's own."""

    def copy(**changes):
        original = train_once(**changes)
        return runs.Run.open(shutil.copytree(original.path, root / original.id))

    return copy


@pytest.fixture
def create_run():
    """A function that makes a run's folder from a small configuration with changes."""
    return lambda **changes: runs.create(dataclasses.replace(SMALL, **changes))
