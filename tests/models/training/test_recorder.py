"""The observer that writes a run's folder."""

from __future__ import annotations

import math
import time

import pytest
import torch

from models.tensorboard.reader import EventReader
from models.training.measures import StepResult
from models.training.observer import GO_ON, PAUSE, STOP, TrainingProgress
from models.training.recorder import RESERVE, RESERVED, Recorder
from models.training.runs import checkpoints
from models.training.runs import status as states


@pytest.fixture
def run(create_run):
    run = create_run()
    checkpoints.prepare(run.path)
    return run


@pytest.fixture
def recorder(run):
    recorder = Recorder(run.path, keep=10**9)
    yield recorder
    recorder.end(states.STOPPED)


def curves(run):
    reader = EventReader(run.path)
    reader.refresh()
    return {series.tag: (series.steps.tolist(), series.values.tolist()) for series in reader.series()}


def test_steps_and_measurements_are_logged(run, recorder):
    recorder.begin(0, steps=30, epochs=3)
    recorder.log_steps(
        [StepResult(step=1, wall=5.0, loss=0.5, correct=3, seen=4, rate=0.25, norms=(2.0, 0.125))]
    )
    assert curves(run) == {}
    recorder.beat(TrainingProgress(step=1))
    assert curves(run) == {
        "loss/train": ([1], [0.5]),
        "top1/train": ([1], [0.75]),
        "learning_rate": ([1], [0.25]),
        "gradient_norm": ([1], [2.0]),
        "update_ratio": ([1], [0.125]),
    }
    status = states.read(run.path)
    assert (status.state, status.step, status.steps, status.epochs) == ("running", 1, 30, 3)
    assert status.latest == {
        "loss/train": 0.5,
        "top1/train": 0.75,
        "learning_rate": 0.25,
        "gradient_norm": 2.0,
        "update_ratio": 0.125,
    }


def test_what_is_not_finite_is_not_remembered(recorder):
    assert recorder.last_finite_values() == ""
    recorder.log_scalars(1, {"gradient_norm": 2.5})
    recorder.log_scalars(2, {"gradient_norm": math.nan, "learning_rate": math.inf})
    assert recorder.last_finite_values() == "The last good values: gradient norm 2.5."


def test_a_checkpoint_brings_the_best_scores(run, recorder):
    recorder.begin(0, steps=30)
    for step, top1 in ((10, 0.5), (20, 0.75), (30, 0.25)):
        recorder.save_checkpoint(
            TrainingProgress(step=step, epoch=step // 10),
            tensors={"weight": torch.full((2,), float(step))},
            state={"step": step},
            metrics={"top1/validation": top1, "loss/validation": 1 - top1},
        )
    recorder.add_scores({"test_top1": 0.5})
    recorder.end(states.FINISHED)
    status = states.read(run.path)
    assert (status.state, status.step, status.epoch) == ("finished", 30, 3)
    assert status.scores == {"best_top1": 0.75, "best_loss": 0.25, "best_step": 20, "test_top1": 0.5}


def test_requests_become_wishes(run, recorder):
    assert recorder.wish() == GO_ON
    for wish, expected in (("pause", PAUSE), ("resume", GO_ON), ("stop", STOP)):
        run.ask(wish)
        recorder.read_request()
        assert recorder.wish() == expected
    assert states.read(run.path).state == states.STOPPING
    assert Recorder(run.path, keep=0, parent_wish=lambda: PAUSE).wish() == PAUSE


def test_a_sign_of_life_comes_once_a_second(recorder, monkeypatch):
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 0.9)
    assert not recorder.is_due()
    before = recorder.status.heartbeat
    recorder.keep_alive()
    assert recorder.status.heartbeat == before
    monkeypatch.setattr(time, "monotonic", lambda: now + 1.1)
    assert recorder.is_due()
    recorder.keep_alive()
    assert recorder.status.heartbeat == before + 1


def test_a_pause_is_told_and_its_end(run, recorder):
    told: list[str] = []
    recorder = Recorder(run.path, keep=0, on_status=lambda status: told.append(status.state))
    recorder.report_pause(TrainingProgress(step=4), paused=True)
    recorder.report_pause(TrainingProgress(step=4), paused=True)
    recorder.report_pause(TrainingProgress(step=4), paused=False)
    assert told == ["starting", "paused", "running"]


def test_room_is_reserved_until_the_end(run, recorder):
    assert (run.path / RESERVE).stat().st_size == RESERVED
    recorder.end(states.STOPPED)
    assert not (run.path / RESERVE).exists()


def test_a_second_log_voids_later_steps_of_the_first(run, recorder):
    recorder.begin(0)
    recorder.log_scalars(5, {"x": 1.0})
    recorder.log_scalars(9, {"x": 2.0})
    recorder.beat(TrainingProgress(step=9))
    again = Recorder(run.path, keep=0)
    again.begin(5)
    again.log_scalars(6, {"x": 3.0})
    again.beat(TrainingProgress(step=6))
    again.end(states.STOPPED)
    assert curves(run)["x"] == ([5, 6], [1.0, 3.0])
