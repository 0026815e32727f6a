"""Processes of our own: they end by themselves, or are ended with all that they started."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import pytest

from models.runtime import child
from models.runtime.errors import UserError

SLEEP = "import time; time.sleep(60)"


def start(code: str, output, **environment: str):
    """A process that runs code, by way of a module of the standard library."""
    return child.start("The test", "timeit", "-n1", "-r1", code, output=output, environment=environment)


def test_a_process_says_what_it_has_to_and_how_it_ends():
    with tempfile.TemporaryFile() as output:
        ended = child.wait(start("import os; print(os.environ['SAID'])", output, SAID="hello"), lambda: None)
        output.seek(0)
        assert (ended, output.read().split()[0]) == (0, b"hello")
        assert child.wait(start("import os; os._exit(3)", output), lambda: None) == 3


def test_one_that_takes_too_long_is_ended_with_what_it_started(tmp_path):
    number = tmp_path / "number"
    code = (
        "import pathlib, subprocess, sys; "
        f"grandchild = subprocess.Popen([sys.executable, '-c', {SLEEP!r}]); "
        f"pathlib.Path({str(number)!r}).write_text(str(grandchild.pid)); grandchild.wait()"
    )
    with tempfile.TemporaryFile() as output:
        process = start(code, output)
        while not (number.exists() and number.read_text()):
            time.sleep(0.01)
        assert child.wait(process, lambda: None, seconds=0.1) is None
    assert process.returncode is not None
    status = Path("/proc") / number.read_text() / "stat"
    deadline = time.monotonic() + 5
    # Gone, or a zombie until the system has taken note.
    while status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z":
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_one_that_nobody_waits_for_is_ended():
    def leave() -> None:
        raise InterruptedError

    with tempfile.TemporaryFile() as output:
        process = start(SLEEP, output)
        with pytest.raises(InterruptedError):
            child.wait(process, leave)
    assert process.returncode


def test_one_that_cannot_be_started_is_a_sentence(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with (
        tempfile.TemporaryFile() as output,
        pytest.raises(UserError, match=r"^The test cannot be started \(No such file or directory\)\.$"),
    ):
        start(SLEEP, output)


def test_where_there_are_no_groups_the_process_itself_is_ended(monkeypatch):
    monkeypatch.delattr(os, "killpg")
    with tempfile.TemporaryFile() as output:
        process = start(SLEEP, output)
        assert child.wait(process, lambda: None, seconds=0) is None
    assert process.returncode
