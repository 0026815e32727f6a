"""The format before archives: all its pickles are looked at, and only so far as one may be long."""

from __future__ import annotations

import datetime

import pytest

from models.checkpoints import legacy
from models.checkpoints.limits import Limits, RefusalError
from tests.models.checkpoints import files


def test_what_torch_saved_then_passes_and_another_class_does_not(tmp_path):
    path = tmp_path / "old.pt"
    path.write_bytes(files.saved(files.weights(), legacy=True))
    legacy.check(path)
    path.write_bytes(files.saved({**files.weights(), "when": datetime.date(2024, 1, 1)}, legacy=True))
    with pytest.raises(RefusalError, match=r"^holds more than tensors \(datetime\.date\), "):
        legacy.check(path)


def test_pickles_that_are_longer_than_may_be_are_cut_short(tmp_path):
    path = tmp_path / "old.pt"
    path.write_bytes(files.saved(files.weights(), legacy=True))
    with pytest.raises(RefusalError, match=r"^is damaged within its list of tensors; "):
        legacy.check(path, Limits(max_pickle=200))
