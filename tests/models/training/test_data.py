"""What a run learns from, whatever it is, and the device that learns."""

from __future__ import annotations

import pytest
import torch

from models.runtime.errors import UserError
from models.training import data
from models.training.config import Config
from models.training.formats.pictures import PictureFormat

CPU = torch.device("cpu")


def test_facts_count_the_parts_and_know_what_the_network_reads():
    config = Config(train_samples=500, validation=0.2)
    known = data.facts(config, data.load(config, CPU))
    assert known.counts == {"train": 500, "validation": 2000, "test": 2000}
    assert (known.title, known.fits, known.outputs) == ("MNIST 10k", "mnist-10k", 10)
    assert known.format == PictureFormat((28, 28), (0.1307,), (0.3081,))


def test_a_device_that_is_not_there_is_refused(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert data.device_of("auto") == data.device_of("cpu") == CPU
    with pytest.raises(UserError, match="device"):
        data.device_of("cuda")
