"""A worker takes trials until none is left."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time

import pytest

from models.runtime.errors import UserError
from models.training import runs
from models.training.runs import status as states
from models.training.sweep import plan as plans
from models.training.sweep import trials, worker
from tests.paths import ROOT


def read_all(sweep):
    return trials.read_all(sweep, plans.read(sweep.path))


@pytest.mark.slow
def test_all_trials_are_trained_and_the_sweep_tells_the_best(create_sweep):
    sweep = create_sweep()
    assert worker.work(sweep.path) == "finished"
    found, status = read_all(sweep), sweep.status()
    assert [trial.state for trial in found] == ["finished"] * 4
    assert [trial.run.config.parent for trial in found] == [sweep.id] * 4
    best = trials.rank(found)[0]
    assert (status.state, status.epoch, status.epochs) == ("finished", 4, 4)
    assert status.scores["best_trial"] == best.number
    assert status.scores["best_top1"] == best.score == max(trial.score for trial in found)
    with pytest.raises(UserError, match="is a sweep; choose one of its trials"):
        sweep.checkpoint()


@pytest.mark.slow
def test_a_trial_that_falls_behind_is_given_up_and_stays_so(create_sweep):
    sweep = create_sweep(trials=6, halving=2, first_rung=1)
    assert worker.work(sweep.path) == "finished"
    found = read_all(sweep)
    given_up = [trial for trial in found if trial.state == "given up"]
    assert given_up
    assert all(trial.run.status().epoch < 3 for trial in given_up)
    # Whoever was given up did worse at its last rung than one that went on.
    for trial in given_up:
        rung = max(trial.rungs)
        assert any(other.rungs.get(rung, 0) > trial.rungs[rung] for other in found)
    seconds = [trial.run.status().heartbeat for trial in found]
    assert worker.work(sweep.path) == "finished"
    assert [trial.run.status().heartbeat for trial in read_all(sweep)] == seconds


@pytest.mark.slow
def test_stopped_it_goes_on_where_it_was_and_ends_as_if_undisturbed(create_sweep, monkeypatch):
    # All trials together take less than a second.
    monkeypatch.setattr("models.training.recorder.Recorder.is_due", lambda recorder: True)
    undisturbed, sweep = create_sweep(), create_sweep()
    worker.work(undisturbed.path)
    asked: list[object] = []

    def on_status(status):
        if status.epoch == 1 and not asked:
            asked.append(sweep.ask("stop"))

    assert worker.work(sweep.path, on_status=on_status) == "stopped"
    assert sweep.status().state == "stopped"
    assert 1 <= sum(trial.is_over for trial in read_all(sweep)) < 4
    assert worker.work(sweep.path) == "finished"
    scores = [[trial.run.status().scores for trial in read_all(each)] for each in (sweep, undisturbed)]
    assert scores[0] == scores[1]


@pytest.mark.slow
def test_a_failed_trial_ends_only_itself(create_sweep):
    from models.training.sweep.axis import parse

    sweep = create_sweep(axes=(parse("learning_rate=0.01,1e9"), parse("optimizer=sgd,adam")), strategy="grid")
    assert worker.work(sweep.path) == "finished"
    assert {trial.state for trial in read_all(sweep)} == {"finished", "failed"}


@pytest.mark.slow
def test_killed_workers_lose_nothing(create_sweep):
    # Long enough not to be over before it is killed.
    sweep = create_sweep(trials=3, epochs=20)
    command = [sys.executable, "-m", "models.training.sweep", "--join", sweep.id]
    for _ in range(2):
        process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
        while process.poll() is None and not any(
            t.run.status().step for t in read_all(sweep) if not t.is_over
        ):
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert states.read(sweep.path).active
    assert sweep.status().state == "interrupted"
    assert worker.work(sweep.path) == "finished"
    assert [(trial.number, trial.state) for trial in read_all(sweep)] == [
        (number, "finished") for number in (1, 2, 3)
    ]


@pytest.mark.slow
def test_two_workers_share_the_trials_and_one_tells(create_sweep):
    sweep = create_sweep()
    command = [sys.executable, "-m", "models.training.sweep", "--join", sweep.id]
    other = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    told = []
    assert worker.work(sweep.path, on_status=lambda status: told.append(threading.get_ident())) == "finished"
    assert other.wait(60) == 0
    found = read_all(sweep)
    assert [trial.number for trial in found] == [1, 2, 3, 4]
    assert {trial.state for trial in found} == {"finished"}
    assert runs.find(sweep.id).status().state == "finished"
