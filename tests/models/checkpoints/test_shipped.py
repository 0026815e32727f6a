"""Files of other frameworks that ship are read as dropped ones are, and answer as well as is said."""

from __future__ import annotations

import pytest
import torch

from models import zoo
from models.checkpoints.shipped import entries
from models.datasets import find_dataset
from models.kinds import PICTURES
from models.networks import ON_BOARD, find_network, on_board
from models.runtime.progress import silent

every_entry = pytest.mark.parametrize("name", [entry.name for entry in entries()])


def test_they_stand_behind_the_zoos_own():
    assert list(on_board(PICTURES)) == [*zoo.MODELS, *(entry.name for entry in entries())]
    assert len({entry.title for entry in ON_BOARD.values()}) == len(ON_BOARD)


@every_entry
def test_they_are_tried_as_anybodys_file_is(name):
    of = find_network(name).load(silent)
    meaning = "logits" if name == "onnx-cnn" else "probabilities"
    assert of.contract is not None and of.contract.meaning == meaning
    assert of.contract.rows and of.contract.steady and of.contract.gradient
    assert of.classes == find_dataset(of.fits).classes


@pytest.mark.slow
@every_entry
def test_accuracy_is_what_is_said(name):
    of = find_network(name).load(silent)
    dataset, reads = find_dataset(of.fits), of.preprocessing.transforms()
    items = [dataset.picture("test", number) for number in range(dataset.counts["test"])]
    with torch.no_grad():
        answers = of.module(torch.stack([reads(picture) for picture, _ in items])).argmax(1)
    right = sum(int(answer) == label for answer, (_, label) in zip(answers, items, strict=True))
    assert of.provenance.accuracy == right / len(items)
