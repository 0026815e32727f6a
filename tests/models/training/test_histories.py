"""The histories of a run: parted by people, and said to be made up."""

from __future__ import annotations

import torch

from models.training import data
from models.training.config import Config
from models.training.formats.histories import HistoryFormat

CONFIG = Config(model="two_towers", dataset="films", validation=0.1, train_samples=500)


def test_people_are_parted_and_that_they_are_made_up_is_said():
    loaded = data.load(CONFIG, torch.device("cpu"))
    assert loaded.test is not None
    assert (len(loaded.train), len(loaded.validation), len(loaded.test)) == (500, 2000, 2000)
    assert isinstance(loaded.format, HistoryFormat)
    assert loaded.outputs == 200
    assert any("made up" in remark for remark in loaded.remarks)
    assert any("among the 10 of the highest scores" in remark for remark in loaded.remarks)
    scores = -torch.arange(200.0)[None]
    assert loaded.objective.hits(scores, torch.tensor([9])).all()
    assert not loaded.objective.hits(scores, torch.tensor([10])).any()
    ids, targets = loaded.train.take(torch.tensor([0, 1]))
    assert ids.shape == (2, 12) and ids.dtype == torch.long and targets.shape == (2,)
