"""Trainers in processes of their own."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from models.runtime.errors import UserError
from models.training import launcher, runs
from tests.models.training.conftest import SMALL


def wait(condition, seconds=60):
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)
    return found


def in_state(one, *states):
    return wait(lambda: (found := one.status()).state in states and found)


@pytest.mark.slow
def test_a_run_is_listed_at_once_trained_apart_and_obeys():
    start = time.monotonic()
    one = launcher.launch(dataclasses.replace(SMALL, epochs=5000))
    assert time.monotonic() - start < 1
    assert runs.listing().runs == (one,)
    trainer = in_state(one, "running").process
    assert trainer.pid != os.getpid()
    assert os.getsid(trainer.pid) == trainer.pid
    assert os.getpriority(os.PRIO_PROCESS, trainer.pid) >= 10
    with pytest.raises(UserError, match="running already"):
        launcher.resume(one)
    one.ask("pause")
    in_state(one, "paused")
    one.ask("resume")
    in_state(one, "running")
    os.kill(trainer.pid, signal.SIGKILL)
    assert in_state(one, "interrupted").step > 0
    # Nobody stays behind: neither a zombie nor a lock.
    wait(lambda: not Path(f"/proc/{trainer.pid}").exists())
    launcher.resume(one)
    assert in_state(one, "running").process.pid != trainer.pid
    one.ask("stop")
    in_state(one, "stopped")
    assert one.checkpoints().last
    # What was asked of that trainer is not asked of the next; what is asked while it starts is.
    launcher.resume(one)
    reached = one.status().step
    wait(lambda: one.status().step > reached)
    one.ask("stop")
    in_state(one, "stopped")
    launcher.resume(one)
    one.ask("stop")
    in_state(one, "stopped")


@pytest.mark.slow
def test_a_trainer_outlives_its_server():
    code = (
        "import sys; from models.training import launcher; from models.training.config import Config;"
        "print(launcher.launch(Config.from_json(eval(sys.argv[1]))).id)"
    )
    config = dataclasses.replace(SMALL, epochs=5000).to_json()
    server = subprocess.run(
        [sys.executable, "-c", code, str(config)], capture_output=True, text=True, check=True
    )
    one = runs.find(server.stdout.strip())
    before = in_state(one, "running")
    wait(lambda: one.status().step > before.step)
    one.ask("stop")
    in_state(one, "stopped")


def test_a_trainer_that_does_not_start_is_told(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    one = launcher.launch(SMALL)
    assert "did not start" in in_state(one, "failed").error
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(UserError, match="cannot be started"):
        launcher.launch(SMALL)


def test_runs_in_turn_know_what_they_change_and_are_told_if_their_trainer_does_not_start(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    configs = [dataclasses.replace(SMALL, seed=seed) for seed in (1, 2)]
    one, two = launcher.launch_in_turn(configs, origin="example-memorises")
    assert [run.config for run in (one, two)] == configs
    assert {run.origin for run in (one, two)} == {"example-memorises"}
    for run in (one, two):
        assert f"did not start; see output.txt of run {one.id}" in in_state(run, "failed").error


@pytest.mark.slow
def test_one_trainer_trains_runs_in_turn():
    first, second = launcher.launch_in_turn(
        [dataclasses.replace(SMALL, epochs=epochs) for epochs in (5000, 1)]
    )
    trainer = in_state(first, "running").process
    assert second.status().state == "waiting"
    assert second.status().process == trainer
    os.kill(trainer.pid, signal.SIGKILL)
    assert [in_state(run, "interrupted").state for run in (first, second)] == ["interrupted"] * 2
    launcher.resume(second)
    assert in_state(second, "finished").epoch == 1


def test_a_finished_run_is_not_resumed(finished_run):
    with pytest.raises(UserError, match="is finished"):
        launcher.resume(finished_run())
