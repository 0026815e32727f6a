"""Requests to a trainer, and the lock of a run."""

from __future__ import annotations

import fcntl
import subprocess
import sys
import threading
import time

import pytest

from models.runtime.errors import UserError
from models.training.runs import control, lock
from models.training.runs.control import PAUSE, RESUME, STOP, Request


def test_the_latest_request_counts(tmp_path):
    assert control.read(tmp_path) == Request()
    asked = [control.ask(tmp_path, wish) for wish in (PAUSE, RESUME, STOP)]
    assert [one.sequence for one in asked] == sorted({one.sequence for one in asked})
    assert control.read(tmp_path) == asked[-1]


def test_order_outlasts_a_clock_that_jumps_back(tmp_path, monkeypatch):
    first = control.ask(tmp_path, PAUSE)
    monkeypatch.setattr(time, "time_ns", lambda: 5)
    assert control.ask(tmp_path, STOP).sequence == first.sequence + 1


@pytest.mark.parametrize(
    "content", [b"", b"{}", b'{"sequence": "x", "request": "stop"}', b'{"sequence": 1, "request": 7}']
)
def test_a_damaged_request_is_none(tmp_path, content):
    (tmp_path / control.FILE).write_bytes(content)
    assert control.read(tmp_path) == Request()


def test_an_unknown_wish_is_refused(tmp_path):
    with pytest.raises(UserError, match="pause, resume, stop"):
        control.ask(tmp_path, "dance")


def test_the_second_trainer_is_told_of_the_first(tmp_path):
    code = (
        "import sys, pathlib; from models.training.runs import lock\n"
        "with lock.held(pathlib.Path(sys.argv[1])): print('held', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == b"held\n"
        with pytest.raises(UserError, match=f"process {first.pid} on"), lock.held(tmp_path):
            pass
        first.kill()
        first.wait()
        # The kernel freed it, whatever the file says.
        with lock.held(tmp_path):
            pass


def test_a_holder_who_is_about_to_leave_is_waited_for(tmp_path):
    (tmp_path / lock.FILE).touch()
    with (tmp_path / lock.FILE).open("a+") as file:
        # Another opening of the file is another holder, in this process too.
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(UserError, match="in the hands of"), lock.held(tmp_path, patience=0.1):
            pass
        leaving = threading.Timer(0.2, fcntl.flock, (file, fcntl.LOCK_UN))
        leaving.start()
        with lock.held(tmp_path, patience=20):
            leaving.join()
