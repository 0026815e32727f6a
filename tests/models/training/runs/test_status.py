"""What a reader may believe of a run."""

from __future__ import annotations

import dataclasses
import json
import time

import pytest

from models.training.runs import status as states
from models.training.runs.process import Process
from models.training.runs.status import HeartbeatWatcher, Status

HERE = Process.current()
RUNNING = Status(state="running", process=HERE, heartbeat=5, step=7, latest={"loss/train": 0.5}, notes=("a",))


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def watcher(clock):
    return HeartbeatWatcher(clock=clock)


def test_is_read_as_it_was_written(tmp_path):
    RUNNING.write(tmp_path)
    assert states.read(tmp_path) == RUNNING


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"state": "dancing"}',
        b'{"state": "running", "process": 5}',
        b'{"state": "running", "step": "many"}',
        b'{"state": "running", "latest": [1]}',
        b'{"state": "running", "notes": 1}',
    ],
)
def test_a_damaged_one_is_told(tmp_path, content):
    (tmp_path / states.FILE).write_bytes(content)
    found = states.read(tmp_path)
    assert found.state == states.UNREADABLE
    assert "status.json" in found.error


def test_a_missing_one_is_told(tmp_path):
    assert states.read(tmp_path).state == states.UNREADABLE


@pytest.mark.parametrize("state", ["finished", "stopped", "failed", "interrupted"])
def test_an_end_is_believed(tmp_path, watcher, state):
    ended = dataclasses.replace(RUNNING, state=state, process=dataclasses.replace(HERE, born="1"))
    assert watcher.assess(tmp_path, ended) is ended


@pytest.mark.parametrize("change", [{"born": "1"}, {"boot": "other"}])
def test_a_dead_trainers_run_is_interrupted_at_once(tmp_path, watcher, change):
    dead = dataclasses.replace(RUNNING, process=dataclasses.replace(HERE, **change))
    found = watcher.assess(tmp_path, dead)
    assert found.state == states.INTERRUPTED
    assert "is gone" in found.error


@pytest.mark.parametrize("host", [HERE.host, "elsewhere"])
def test_a_silent_trainers_run_is_stalled(tmp_path, watcher, clock, host):
    quiet = dataclasses.replace(RUNNING, process=dataclasses.replace(HERE, host=host))
    assert watcher.assess(tmp_path, quiet).state == "running"
    clock.now = 9.0
    assert watcher.assess(tmp_path, quiet).state == "running"
    clock.now = 11.0
    assert watcher.assess(tmp_path, quiet).state == states.STALLED
    beats = dataclasses.replace(quiet, heartbeat=6)
    assert watcher.assess(tmp_path, beats).state == "running"


def test_a_run_that_waits_is_silent_as_long_as_its_trainer_is_seen_to_live(tmp_path, watcher, clock):
    waiting = dataclasses.replace(RUNNING, state=states.WAITING)
    elsewhere = dataclasses.replace(waiting, process=dataclasses.replace(HERE, host="elsewhere"))
    gone = dataclasses.replace(waiting, process=dataclasses.replace(HERE, born="1"))
    runs = {"here": waiting, "elsewhere": elsewhere, "gone": gone}
    seen = []
    for clock.now in (0.0, 59.0, 61.0, 1e6):
        seen.append([watcher.assess(tmp_path / name, status).state for name, status in runs.items()])
    assert seen == [
        [states.WAITING, states.WAITING, states.INTERRUPTED],
        [states.WAITING, states.WAITING, states.INTERRUPTED],
        [states.WAITING, states.STALLED, states.INTERRUPTED],
        [states.WAITING, states.STALLED, states.INTERRUPTED],
    ]


def test_a_jump_of_the_wall_clock_changes_nothing(tmp_path, watcher, monkeypatch):
    for updated in (0.0, time.time() - 10**6, time.time() + 10**6):
        told = dataclasses.replace(RUNNING, updated=updated)
        assert watcher.assess(tmp_path, told).state == "running"


def test_runs_are_watched_one_by_one(tmp_path, watcher, clock):
    watcher.assess(tmp_path / "a", RUNNING)
    clock.now = 11.0
    assert watcher.assess(tmp_path / "b", RUNNING).state == "running"
    assert watcher.assess(tmp_path / "a", RUNNING).state == states.STALLED


def test_is_json_that_others_can_read(tmp_path):
    RUNNING.write(tmp_path)
    content = json.loads((tmp_path / states.FILE).read_text(), parse_constant=pytest.fail)
    assert content["state"] == "running"
    assert set(content["process"]) == {"host", "boot", "space", "pid", "born"}
