"""A few test pictures, and what a run's network says to them at its checkpoints."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.inspection.evaluation.strip import answer_pictures, choose_pictures
from models.datasets.embedded import MNIST_10K
from models.networks import find_network
from models.runtime.progress import silent
from models.training import runs


def test_the_same_pictures_each_time_and_the_classes_alike():
    chosen = choose_pictures(MNIST_10K, 16)
    assert chosen == choose_pictures(MNIST_10K, 16)
    labels = [label for _, label in chosen]
    assert labels == sorted(labels)
    assert set(np.bincount(labels, minlength=10)) == {1, 2}
    assert all(MNIST_10K.picture("test", place)[1] == label for place, label in chosen)


def test_answers_are_those_of_the_checkpoint():
    run = runs.find("example-memorises")
    pictures = [MNIST_10K.picture("test", place)[0] for place, _ in choose_pictures(MNIST_10K, 16)]
    first, *_, last = run.checkpoints().all
    answers = [answer_pictures(run, checkpoint, pictures) for checkpoint in (first, last)]
    assert [each.step for each in answers] == [first.step, last.step]
    assert answers[0] != answers[1]
    network = find_network(f"run:{run.id}@{last.step}").load(silent)
    for picture, winner, share in zip(pictures, answers[1].winners, answers[1].shares, strict=True):
        shares = network.module(network.preprocessing.transforms()(picture)[None]).softmax(1)[0]
        assert int(shares.argmax()) == winner
        assert float(shares.max()) == pytest.approx(share, abs=1e-6)
