"""Requests to a trainer."""

from __future__ import annotations

import time

import pytest

from models.runtime.errors import UserError
from models.training.runs import control
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
