"""Event files, as TensorBoard itself reads them."""

from __future__ import annotations

import errno
import math
import os

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.event_file_loader import LegacyEventFileLoader

from models.runtime.files import DiskFullError
from models.tensorboard.parts import event_files
from models.tensorboard.reader import EventReader
from models.tensorboard.writer import EventWriter, HistogramSummary

HISTOGRAM = HistogramSummary(
    low=-1.0, high=3.0, count=4, total=4.0, squares=12.0, edges=[-1, 1, 3], counts=[0, 1, 3]
)


@pytest.fixture
def written(tmp_path):
    writers = []

    def write(**kwargs):
        writers.append(EventWriter(tmp_path, **kwargs))
        return writers[-1]

    yield write
    for writer in writers:
        writer.close()


def accumulated(folder):
    found = EventAccumulator(str(folder), size_guidance={"scalars": 0, "histograms": 0})
    found.Reload()
    return found


def test_scalars_arrive(tmp_path, written):
    writer = written()
    for step in (1, 2, 300, 2**40):
        writer.add_scalars(step, {"loss/train": step / 7, "Größe": -1.0}, wall=1000.5 + step)
    writer.flush()
    found = accumulated(tmp_path)
    assert found.Tags()["scalars"] == ["loss/train", "Größe"]
    assert [(e.step, e.wall_time) for e in found.Scalars("loss/train")] == [
        (step, 1000.5 + step) for step in (1, 2, 300, 2**40)
    ]
    assert [e.value for e in found.Scalars("loss/train")] == [np.float32(s / 7) for s in (1, 2, 300, 2**40)]


def test_what_is_no_number_arrives(tmp_path, written):
    writer = written()
    for step, value in enumerate((math.nan, math.inf, -math.inf)):
        writer.add_scalars(step, {"x": value}, wall=0.0)
    writer.flush()
    values = [e.value for e in accumulated(tmp_path).Scalars("x")]
    assert math.isnan(values[0])
    assert values[1:] == [math.inf, -math.inf]


def test_histograms_arrive(tmp_path, written):
    writer = written()
    writer.add_histograms(5, {"weights/fc1.weight": HISTOGRAM}, wall=1.0)
    writer.flush()
    (event,) = accumulated(tmp_path).Histograms("weights/fc1.weight")
    value = event.histogram_value
    assert (value.min, value.max, value.num, value.sum, value.sum_squares) == (-1, 3, 4, 4, 12)
    assert (value.bucket_limit, value.bucket) == ([-1, 1, 3], [0, 1, 3])


def test_a_resumed_log_voids_the_later_steps_of_the_earlier(tmp_path, written):
    first = written()
    for step in range(1, 6):
        first.add_scalars(step, {"x": 1.0}, wall=step)
    first.flush()
    second = written(purge_step=4)
    for step in range(4, 8):
        second.add_scalars(step, {"x": 2.0}, wall=step)
    second.flush()
    steps, values = [1, 2, 3, 4, 5, 6, 7], [1.0] * 3 + [2.0] * 4
    assert [(e.step, e.value) for e in accumulated(tmp_path).Scalars("x")] == list(
        zip(steps, values, strict=True)
    )
    reader = EventReader(tmp_path)
    reader.refresh()
    (series,) = reader.series()
    assert (series.steps.tolist(), series.values.tolist()) == (steps, values)


def test_a_new_file_comes_last_whatever_the_clock_says(tmp_path, written, monkeypatch):
    paths = [written().path]
    for jump in (-(10**6), 0, -5):
        monkeypatch.setattr("time.time", lambda jump=jump: 1_700_000_000.0 + jump)
        paths.append(written(purge_step=1).path)
    assert event_files(tmp_path) == paths


def test_a_torn_record_is_waited_for(tmp_path, written):
    writer = written()
    writer.add_scalars(1, {"x": 1.0}, wall=1.0)
    writer.add_scalars(2, {"x": 2.0}, wall=1.0)
    writer.flush()
    writer.path.write_bytes(writer.path.read_bytes()[:-5])
    assert [e.step for e in accumulated(tmp_path).Scalars("x")] == [1]


def test_starts_as_tensorboard_expects(written):
    writer = written(purge_step=9)
    version, start = LegacyEventFileLoader(str(writer.path)).Load()
    assert version.file_version == "brain.Event:2"
    assert (start.session_log.status, start.step) == (start.session_log.START, 9)


def test_a_full_disk_is_named(written, monkeypatch):
    writer = written()
    writer.add_scalars(1, {"x": 1.0}, wall=1.0)

    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFullError, match="is full"):
        writer.sync()
