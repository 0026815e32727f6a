"""What the terminal shows of a run, and what the shell is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.runtime.errors import UserError
from models.tensorboard.scalars import TRAIN_LOSS
from models.training import command, runs
from models.training.runs.process import Process
from models.training.runs.status import FAILED, FINISHED, STOPPED, WAITING, Status
from tests.models.training.conftest import SMALL


@pytest.mark.parametrize(("state", "code"), [(FINISHED, 0), (STOPPED, 0), (FAILED, 1)])
def test_only_a_failure_is_one_to_the_shell(create_run, monkeypatch, capfd, state, code):
    run = create_run()

    def train(path, config, *, on_status):
        assert (path, config) == (run.path, run.config)
        status = Status(
            state=state, steps=30, step=30, epochs=3, epoch=3, seconds=12.4, scores={"best_top1": 0.5}
        )
        on_status(status)
        status.write(path)
        return state

    monkeypatch.setattr(command, "train", train)
    monkeypatch.setattr(runs, "create", lambda config, sweep: run)
    assert command.start(SMALL) == code
    last = capfd.readouterr().err.splitlines()[-1]
    assert last == f"Run {run.id} {state} after 12 s. best_top1 0.5"


def test_the_bar_shows_epoch_loss_and_step(create_run, monkeypatch, capfd):
    run = create_run()

    def train(path, config, *, on_status):
        on_status(Status(steps=30, step=10, epochs=3, epoch=1, latest={TRAIN_LOSS: 0.25}))
        return FINISHED

    monkeypatch.setattr(command, "train", train)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert command.resume(run.id) == 0
    shown = capfd.readouterr().err
    assert "epoch 2/3" in shown
    assert "10/30" in shown
    assert "loss=0.2500" in shown


def test_a_finished_run_is_refused(create_run):
    run = create_run()
    Status(state=FINISHED).write(run.path)
    with pytest.raises(UserError, match="is finished"):
        command.resume(run.id)


@pytest.mark.parametrize(("ends", "left"), [(FINISHED, FINISHED), (FAILED, FINISHED), (STOPPED, STOPPED)])
def test_several_runs_are_trained_in_turn_until_one_is_stopped(create_run, monkeypatch, ends, left):
    chosen = [create_run(seed=seed) for seed in range(3)]
    trained: list[str] = []

    def train(path, config, *, on_status):
        # Whose turn has not come waits for this process.
        waiting = [run.status() for run in chosen[len(trained) + 1 :]]
        assert {status.state for status in waiting} <= {WAITING}
        assert all(status.process == Process.current() for status in waiting)
        trained.append(path.name)
        state = ends if len(trained) == 1 else FINISHED
        Status(state=state).write(path)
        return state

    monkeypatch.setattr(command, "train", train)
    assert command.resume(*(run.id for run in chosen)) == (1 if ends == FAILED else 0)
    assert [run.status().state for run in chosen] == [ends, left, left]
    assert trained == [run.id for run in (chosen[:1] if ends == STOPPED else chosen)]


def test_a_process_that_does_not_write_makes_no_run(monkeypatch):
    paths: list[Path] = []
    monkeypatch.setenv("RANK", "1")

    def train(path, config, *, on_status):
        paths.append(path)
        return FINISHED

    monkeypatch.setattr(command, "train", train)
    assert command.start(SMALL) == 0
    assert paths == [Path()]
    assert runs.listing().runs == ()
