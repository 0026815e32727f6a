"""One run's folder from the lock to the last status, faults included."""

from __future__ import annotations

import dataclasses
import errno
import json
import os
import shutil
import signal
import threading
import time
from pathlib import Path

import pytest

from models.runtime import files
from models.runtime.errors import UserError
from models.tensorboard.reader import EventReader
from models.training import network, pictures, session
from models.training.recorder import RESERVE, Recorder
from models.training.runs import checkpoints, lock, status
from models.training.runs.process import Process
from models.training.runs.status import Status
from tests.faults import check_same, logged
from tests.models.datasets.folders import put


def train(run, **kwargs):
    return session.train(run.path, run.config, **kwargs)


def test_a_run_is_trained_and_told_of(create_run):
    run = create_run()
    assert train(run) == "finished"
    found = run.status()
    assert (found.state, found.step, found.steps, found.epoch, found.epochs) == ("finished", 30, 30, 3, 3)
    assert (found.parameters, found.threads, found.error) == (109_386, 1, "")
    assert set(found.scores) == {"best_top1", "best_loss", "best_step", "test_loss", "test_top1"}
    assert found.latest["loss/train"] > 0
    assert [c.step for c in run.checkpoints().all] == [10, 20, 30]
    curves = logged(run.path)
    assert curves["loss/train"][0].tolist() == list(range(1, 31))
    assert curves["loss_epoch/train"][0].tolist() == [10, 20, 30]
    assert "histogram weights/fc1.weight" in curves
    assert "weights_norm/head.bias" in curves
    assert not (run.path / RESERVE).exists()


@pytest.mark.parametrize("memory", [pictures.MEMORY, 1000], ids=["held in memory", "read as needed"])
def test_files_that_are_no_pictures_are_named_in_the_end(create_run, tmp_path, monkeypatch, memory):
    monkeypatch.setattr(pictures, "MEMORY", memory)
    for label in ("cat", "dog"):
        for k in range(8):
            put(tmp_path / "pictures" / label / f"{k}.png", 10 * k + (label == "dog"))
        (tmp_path / "pictures" / label / "torn.png").write_bytes(b"torn " + label.encode())
    run = create_run(
        dataset="folder", data=str(tmp_path / "pictures"), train_samples=0, validation=0.25, epochs=1
    )
    assert train(run) == "finished"
    assert run.status().notes == (
        "2 files are no pictures that can be read and are left out: cat/torn.png, dog/torn.png.",
    )


@pytest.mark.slow
def test_two_runs_of_one_seed_are_the_same(create_run):
    first, second = create_run(dropout=0.2), create_run(dropout=0.2)
    train(first)
    train(second)
    check_same(first.path, second.path)


def stopping_at(step, do):
    """Do something once when a status of that step or a later one is told."""
    done: list[bool] = []

    def on_status(said: Status):
        if said.step >= step and said.state == "running" and not done:
            done.append(True)
            do()

    return on_status


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_keeps_a_checkpoint_and_resuming_goes_on_as_if_nothing_was(create_run, train_once, number):
    run = create_run()
    before = signal.getsignal(number)
    assert train(run, on_status=stopping_at(10, lambda: os.kill(os.getpid(), number))) == "stopped"
    assert signal.getsignal(number) is before
    stopped = run.status()
    assert (stopped.state, stopped.error) == ("stopped", "")
    assert run.checkpoints().last.step == stopped.step >= 10
    assert train(run) == "finished"
    shutil.rmtree(run.path / checkpoints.FOLDER / "x", ignore_errors=True)
    assert run.status().scores == train_once().status().scores
    assert set(logged(run.path)) == set(logged(train_once().path))


def test_a_request_stops(create_run):
    run = create_run()
    assert train(run, on_status=stopping_at(10, lambda: run.ask("stop"))) in {"stopped", "finished"}
    run = create_run(epochs=400)
    assert train(run, on_status=stopping_at(10, lambda: run.ask("stop"))) == "stopped"
    assert run.status().handled > 0


@pytest.mark.slow
def test_a_request_pauses_and_resumes(create_run, monkeypatch):
    run, states = create_run(epochs=200), []

    def on_status(said):
        states.append(said.state)
        if said.state == "running" and said.step > 10 and "paused" not in states:
            run.ask("pause")
        if said.state == "paused":
            run.ask("resume")
        if said.state == "running" and "paused" in states:
            run.ask("stop")

    assert train(run, on_status=on_status) == "stopped"
    kept = [state for k, state in enumerate(states) if not k or states[k - 1] != state]
    assert kept[:5] == ["starting", "running", "paused", "running", "stopping"]


@pytest.mark.slow
def test_an_old_request_is_not_obeyed_again(create_run):
    run = create_run(epochs=20)
    assert train(run, on_status=stopping_at(10, lambda: run.ask("stop"))) == "stopped"
    assert train(run) == "finished"


def test_what_is_asked_of_a_run_that_starts_is_obeyed(create_run):
    run = create_run(epochs=400)
    run.ask("stop")
    assert train(run) == "stopped"


def test_a_lost_loss_is_told_with_the_last_good_values(create_run):
    run = create_run(optimizer="sgd", learning_rate=1e7, epochs=50)
    assert train(run) == "failed"
    found = run.status()
    assert found.state == "failed"
    assert "at step" in found.error
    assert "The last good values: loss" in found.error
    assert "lower learning rate" in found.error
    for checkpoint in run.checkpoints().all:
        assert checkpoint.tensors()


@pytest.mark.slow
@pytest.mark.parametrize("where", ["step_000000020", "resume_000000020", "index.json", "events"])
def test_a_full_disk_is_told_and_the_run_goes_on_when_there_is_room(
    create_run, train_once, monkeypatch, where
):
    expected, run = train_once(), create_run()
    write, fsync = files.write, os.fsync

    def full(path, content, **kinds):
        if where in path.name and run.checkpoints().last:
            with files.explain_full_disk(path.parent):
                raise OSError(errno.ENOSPC, "No space left on device")
        write(path, content, **kinds)

    def full_log(descriptor):
        if "tfevents" in str(Path(f"/proc/self/fd/{descriptor}").readlink()) and run.checkpoints().last:
            raise OSError(errno.ENOSPC, "No space left on device")
        fsync(descriptor)

    monkeypatch.setattr(files, "write", full)
    if where == "events":
        monkeypatch.setattr(os, "fsync", full_log)
    assert train(run) == "failed"
    found = run.status()
    assert "is full" in found.error
    assert "MB free" in found.error
    assert run.checkpoints().last.step == 10
    monkeypatch.undo()
    os.environ["VITRINE_RUNS"] = str(run.path.parent)
    assert train(run) == "finished"
    check_same(run.path, expected.path)


def test_a_really_full_disk(create_run, tmp_path):
    """On a disk of a megabyte and a half, where this process may make one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.system(f"mount -t tmpfs -o size=1800k tmpfs {disk} 2>/dev/null") != 0:
        pytest.skip("only root can make a small disk")
    try:
        os.environ["VITRINE_RUNS"] = str(disk)
        run = create_run(epochs=10)
        assert train(run) == "failed"
        assert "is full" in run.status().error
        assert run.checkpoints().last.tensors()
    finally:
        os.system(f"umount {disk}")


def test_the_second_trainer_refuses_and_names_the_first(create_run):
    run = create_run()
    with lock.hold(run.path), pytest.raises(UserError, match=f"process {os.getpid()} on"):
        train(run)
    assert run.status().state == "starting"


@pytest.mark.slow
@pytest.mark.parametrize("state", [b"", b"{", b'{"state": "running", "step": 5}'])
def test_a_damaged_status_does_not_keep_from_resuming(create_run, state):
    run = create_run()
    train(run, on_status=stopping_at(10, lambda: os.kill(os.getpid(), signal.SIGTERM)))
    (run.path / status.FILE).write_bytes(state)
    assert train(run) == "finished"


@pytest.mark.slow
def test_a_damaged_last_checkpoint_is_told_and_trained_again(create_run, train_once):
    expected, run = train_once(epochs=4), create_run(epochs=4)
    train(run, on_status=stopping_at(20, lambda: os.kill(os.getpid(), signal.SIGTERM)))
    last = run.checkpoints().last
    last.path.write_bytes(last.path.read_bytes()[:-50])
    assert train(run) == "finished"
    assert last.path.name in run.status().notes[0]
    assert run.status().scores == expected.status().scores
    mine, theirs = logged(run.path), logged(expected.path)
    assert all((mine["loss/train"][k] == theirs["loss/train"][k]).all() for k in (0, 1))


def test_what_cannot_be_had_is_told_in_the_folder(create_run, tmp_path):
    run = create_run(dataset="folder", data=str(tmp_path / "gone"), train_samples=0)
    assert train(run) == "failed"
    assert "gone" in run.status().error
    run = create_run(dataset="mnist-10k", image_size=32)
    assert train(run) == "failed"
    assert "image_size" in run.status().error


def test_a_fault_of_ours_is_told_without_its_details(create_run, monkeypatch):
    run = create_run()
    monkeypatch.setattr(network, "build", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        train(run)
    found = run.status()
    assert found.state == "failed"
    assert "ZeroDivisionError" in found.error
    assert "Traceback" not in found.error


def test_threads_are_those_of_the_first_start(create_run, monkeypatch):
    run = create_run(threads=0)
    train(run, on_status=stopping_at(10, lambda: os.kill(os.getpid(), signal.SIGTERM)))
    before = run.status().threads
    monkeypatch.setattr("models.runtime.threads.cores", lambda: 64)
    train(run)
    assert run.status().threads == before


@pytest.mark.slow
def test_a_reader_never_sees_half_a_file(create_run):
    run, seen, over = create_run(epochs=15), [], threading.Event()

    def read():
        reader = EventReader(run.path)
        while not over.is_set():
            seen.append(run.status().state)
            reader.refresh()
            assert not run.checkpoints().problems
            json.loads((run.path / status.FILE).read_bytes())
            time.sleep(0.002)
        assert not reader.problems()

    watching = threading.Thread(target=read)
    watching.start()
    train(run)
    over.set()
    watching.join()
    assert set(seen) <= {"starting", "running", "finished"}


def test_the_recorder_beats_without_training(create_run, monkeypatch):
    run = create_run()
    recorder = Recorder(run.path, keep=10**9)
    first = recorder.status.heartbeat
    monkeypatch.setattr(recorder, "_next_beat", 0.0)
    recorder.keep_alive()
    assert status.read(run.path).heartbeat == first + 1


def test_a_kill_between_the_last_checkpoint_and_its_status_loses_no_score(finished_run):
    run = finished_run()
    scores = run.status().scores
    status.Status(state="running", process=dataclasses.replace(Process.current(), born="1")).write(run.path)
    assert run.status().state == "interrupted"
    assert train(run) == "finished"
    assert run.status().scores == scores
