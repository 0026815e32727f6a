"""One pass over labelled pictures: the network's own logits, and nothing left behind."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from dashboard.inspection.evaluation.answers import answers
from dashboard.inspection.evaluation.labelled_pictures import LabelledPictures, split_pictures
from dashboard.jobs import Cancelled
from models.datasets.embedded import MNIST_10K
from models.networks import find_network
from models.runtime.errors import UserError
from models.runtime.progress import silent
from tests.dashboard.inspection.passes.test_layer import pool
from tests.networks import ConvNet, built, classifier, untouched


def labelled(count: int = 300) -> LabelledPictures:
    return LabelledPictures(pool(count), np.arange(count) % 3)


def test_logits_are_the_networks_own():
    module, given = built(ConvNet), labelled()
    with untouched(module):
        found = answers(classifier(module), given)
    with torch.no_grad():
        expected = module(given.pool.take(range(300))).numpy()
    np.testing.assert_allclose(found.logits, expected, rtol=1e-4, atol=1e-5)
    assert found.logits.dtype == np.float32
    assert found.labels.tolist() == given.labels.tolist()
    assert found.indices.tolist() == list(range(300))
    assert found.nbytes == 300 * (3 * 4 + 8 + 8)


def test_what_cannot_be_read_is_left_out():
    whole = pool(200)

    def take(indices):
        if {7, 150} & set(indices):
            raise UserError("torn")
        return whole.take(indices)

    given = LabelledPictures(dataclasses.replace(whole, take=take), np.arange(200))
    found = answers(classifier(built(ConvNet)), given)
    assert sorted(set(range(200)) - set(found.indices.tolist())) == [7, 150]
    assert found.labels.tolist() == found.indices.tolist()

    def none(indices):
        raise UserError("torn")

    with pytest.raises(UserError, match="Not one of"):
        answers(
            classifier(built(ConvNet)),
            LabelledPictures(dataclasses.replace(whole, take=none), np.arange(200)),
        )


def test_progress_is_told_and_can_end_it():
    told: list[float] = []
    answers(classifier(built(ConvNet)), labelled(1000), told.append)
    assert told[0] == 0 and told == sorted(told) and 0.8 < told[-1] < 1

    def cancel(share: float) -> None:
        if share > 0.4:
            raise Cancelled

    module = built(ConvNet)
    with untouched(module), pytest.raises(Cancelled):
        answers(classifier(module), labelled(1000), cancel)


def test_a_network_of_the_zoo_is_as_good_as_it_says():
    network = find_network("mlp").load(silent)
    given = split_pictures(MNIST_10K, "test", range(2000), network, title="test", key="test")
    found = answers(network, given)
    assert (found.logits.argmax(1) == found.labels).mean() == pytest.approx(network.provenance.accuracy)
