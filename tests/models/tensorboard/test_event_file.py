"""One event file as it grows."""

from __future__ import annotations

import numpy as np
import pytest

from models.tensorboard import event_file
from models.tensorboard.event_file import EventFile
from tests.models.tensorboard.logged import record, scalars, start, version


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "events.out.tfevents.1"
    file.write_bytes(version() + b"".join(scalars(step, wall=step / 2, loss=step / 4) for step in range(10)))
    return file


def columns(file: EventFile) -> list[list[float]]:
    return [column.tolist() for column in file.curves["loss"].before(None)]


@pytest.mark.parametrize("few", [event_file.FEW, 10**9])
def test_points_are_read_together_or_one_by_one(path, monkeypatch, few):
    monkeypatch.setattr(event_file, "FEW", few)
    file = EventFile(path, "train")
    assert file.refresh(10**6) == file.size == 10
    steps = np.arange(10)
    # The last are the places of the records, of which the first tells the version.
    assert columns(file) == [steps.tolist(), (steps / 4).tolist(), (steps / 2).tolist(), (steps + 1).tolist()]
    assert (file.part, file.restart, file.unreadable, file.unnamed) == ("train", None, 0, 0)


def test_only_what_is_new_is_read(path):
    file = EventFile(path, "")
    file.refresh(10**6)
    assert file.refresh(10**6) == 0
    with path.open("ab") as more:
        more.write(scalars(10, loss=1.0))
    assert file.refresh(10**6) == 1
    assert not file.is_replaced()


def test_a_session_forgets_what_it_will_say_anew(path):
    with path.open("ab") as more:
        more.write(start(4) + scalars(4, wall=9.0, loss=-1.0))
    file = EventFile(path, "")
    file.refresh(10**6)
    assert file.restart == 4
    assert columns(file)[0] == [0, 1, 2, 3, 4]
    assert columns(file)[1][-1] == -1.0
    assert file.size == 5


def test_another_file_in_its_place_is_noticed(path):
    file = EventFile(path, "")
    file.refresh(10**6)
    path.write_bytes(version(wall=7.0) + path.read_bytes())
    assert file.is_replaced()
    path.unlink()
    with pytest.raises(FileNotFoundError):
        file.is_replaced()


def test_what_is_no_event_is_counted(path):
    with path.open("ab") as more:
        more.write(record(b"\xff" * 40))
    file = EventFile(path, "")
    file.refresh(10**6)
    assert (file.unreadable, file.size) == (1, 10)


def test_tags_that_are_too_long_are_counted(path, monkeypatch):
    monkeypatch.setattr(event_file, "LONGEST_TAG", 3)
    file = EventFile(path, "")
    assert file.refresh(10**6) == 0
    assert (file.unnamed, file.curves) == (10, {})
