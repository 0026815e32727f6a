"""The run that a learner begins with."""

from __future__ import annotations

import dataclasses

import pytest

from models.training import runs, session
from models.training.classic import CLASSIC


def test_it_is_the_network_of_the_textbooks_on_digits():
    assert CLASSIC.architecture.title == "MLP 784-128-64-10"
    assert CLASSIC.dataset.startswith("mnist")
    steps = CLASSIC.epochs * 9000 // CLASSIC.batch_size
    assert 50 <= steps / CLASSIC.checkpoint_every <= 200, "neither a jump nor a crawl"


@pytest.mark.slow
def test_its_answers_are_kept_while_it_learns(root):
    config = dataclasses.replace(CLASSIC, epochs=1, train_samples=960, threads=1, device="cpu")
    run = runs.create(config)
    assert session.train(run.path, config) == "finished"
    assert [checkpoint.step for checkpoint in run.checkpoints().all] == [10, 20, 30]
