"""What a run learns from, whatever it is, and the device that learns."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from models.runtime.errors import UserError
from models.training import data
from models.training.config import Config
from models.training.examples import Rows
from models.training.formats.pictures import PictureFormat

CPU = torch.device("cpu")


def test_facts_count_the_parts_and_know_what_the_network_reads():
    config = Config(train_samples=500, validation=0.2)
    known = data.facts(data.load(config, CPU))
    assert known.counts == {"train": 500, "validation": 2000, "test": 2000}
    assert (known.title, known.fits, known.outputs) == ("MNIST 10k", "mnist-10k", 10)
    assert known.format == PictureFormat((28, 28), (0.1307,), (0.3081,))


def test_a_device_that_is_not_there_is_refused(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert data.device_of("auto") == data.device_of("cpu") == CPU
    with pytest.raises(UserError, match="device"):
        data.device_of("cuda")


def test_as_many_labels_are_wrong_as_were_asked_for_and_the_same_for_the_same_seed():
    labels = np.repeat(np.arange(10), 50)
    noisy = data.mislabel(labels, classes=10, share=0.1, seed=3)
    assert (noisy != labels).sum() == 50
    assert set(noisy.tolist()) == set(range(10))
    np.testing.assert_array_equal(noisy, data.mislabel(labels, classes=10, share=0.1, seed=3))
    assert (noisy != data.mislabel(labels, classes=10, share=0.1, seed=4)).any()
    np.testing.assert_array_equal(data.mislabel(labels, classes=10, share=0.0, seed=3), labels)


def test_only_what_is_learned_from_has_wrong_labels():
    plain, noisy = (data.load(Config(seed=1, noise_seed=2, label_noise=share), CPU) for share in (0.0, 0.2))
    assert isinstance(plain.train, Rows) and isinstance(noisy.train, Rows)
    assert isinstance(plain.validation, Rows) and isinstance(noisy.validation, Rows)
    wrong = plain.train.targets != noisy.train.targets
    assert int(wrong.sum()) == round(0.2 * len(plain.train))
    assert plain.validation.targets.equal(noisy.validation.targets)
