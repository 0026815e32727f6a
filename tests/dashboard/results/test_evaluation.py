"""How good a network is follows from one pass over a labelled set."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from dashboard.inspection.evaluation.labelled_pictures import LabelledPictures
from dashboard.inspection.passes.pool import Item, Pool
from dashboard.results import evaluation
from tests.networks import Linear, classifier

NETWORK = classifier(Linear())


@pytest.fixture
def labelled():
    pictures = torch.randn(12, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    pool = Pool(
        "twelve",
        "twelve",
        tuple(Item(f"test/{n}", f"{n}") for n in range(12)),
        lambda rows: pictures[list(rows)],
    )
    with torch.no_grad():
        right = NETWORK.module(pictures).argmax(1).numpy()
    # Every fourth picture is called something else than the network calls it.
    return LabelledPictures(pool, np.where(np.arange(12) % 4, right, (right + 1) % 3).astype(np.int64))


def test_the_accuracy_is_the_share_of_right_answers(labelled):
    answers = evaluation.answers(NETWORK, labelled).work(lambda _: None)
    measured = evaluation.evaluation(NETWORK, labelled, answers).work(lambda _: None)
    assert measured.accuracy.share == pytest.approx(9 / 12)


def test_pictures_are_shown_as_the_network_sees_them(labelled):
    first, second = evaluation.pictures(NETWORK, labelled, [0, 5]).work(lambda _: None)
    assert first.shape == second.shape == (8, 8, 3)
    expected = np.clip(np.rint((labelled.pool.take([5])[0, 0].numpy() * 0.5 + 0.5) * 255), 0, 255)
    assert (second[..., 0] == expected).all()
    keys = {evaluation.pictures(NETWORK, labelled, rows).key for rows in ([0, 5], [5, 0], [0])}
    assert len(keys) == 3


def test_other_names_of_classes_are_another_evaluation(labelled):
    renamed = dataclasses.replace(NETWORK, classes=("a", "b", "c"))
    assert evaluation.answers(renamed, labelled).key != evaluation.answers(NETWORK, labelled).key


def test_photos_without_labels_get_their_answers(cnn):
    places, logits = evaluation.photo_answers(cnn).work(lambda _: None)
    assert logits.shape == (len(places), 10) and len(places) > 2
