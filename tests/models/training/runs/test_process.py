"""Processes, told apart from those that later have the same number."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import pytest

from models.training.runs import process
from models.training.runs.process import Process


@pytest.fixture
def child():
    started = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield started
    started.kill()
    started.communicate()


def test_this_one_lives():
    assert Process.current().is_alive() is True
    assert Process.current() == Process.current()


def test_a_dead_one_does_not_even_as_a_zombie(child):
    other = dataclasses.replace(Process.current(), pid=child.pid, born=process._start_ticks(child.pid) or "")
    assert other.is_alive() is True
    child.kill()
    # Not waited for yet: the kernel keeps its entry.
    while process._start_ticks(child.pid) is not None:
        pass
    assert other.is_alive() is False


@pytest.mark.parametrize(
    ("change", "alive"),
    [
        ({"born": "1"}, False),  # the number was given to another
        ({"boot": "another"}, False),
        ({"host": "elsewhere"}, None),
        ({"space": "pid:[1]"}, None),  # another container of this machine
        ({"pid": 2**22 + 1}, False),
        ({"pid": 2**22 + 1, "born": ""}, False),  # a system that tells no birth
    ],
)
def test_what_is_not_this_one(change, alive):
    assert dataclasses.replace(Process.current(), **change).is_alive() is alive


def test_says_who_it_is():
    assert str(Process("box", "", "", 12, "")) == "process 12 on box"


def test_where_asking_would_do_harm_nobody_knows(monkeypatch):
    here = dataclasses.replace(Process.current(), born="")
    assert here.is_alive()
    monkeypatch.setattr(process, "ASKS", False)
    assert here.is_alive() is None
