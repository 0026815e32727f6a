"""The command that finds good settings."""

from __future__ import annotations

import pytest

from models.training import runs
from models.training.config import Config
from models.training.sweep import plan as plans
from models.training.sweep.__main__ import main, share_threads
from models.training.sweep.axis import parse
from models.training.sweep.plan import Plan


@pytest.mark.slow
def test_a_sweep_from_the_command_line(capsys):
    said = ["--model", "mlp,lenet5", "--epochs", "2", "--train-samples", "100", "--sweep", "dropout=0,0.5"]
    assert main([*said, "--trials", "3", "--strategy", "random", "--sweep-seed", "4", "--threads", "1"]) == 0
    (sweep,) = [run for run in runs.listing().runs if run.is_sweep]
    plan = plans.read(sweep.path)
    assert (plan.seed, plan.count, [axis.name for axis in plan.axes]) == (4, 3, ["dropout", "model"])
    assert len(sweep.children()) == 3
    assert "finished" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("said", "part"),
    [
        ([], "varies at least one setting"),
        (["--sweep", "speed=1,2"], "is nothing that a sweep varies"),
        (["--sweep", "dropout=0,1", "--epochs", "2"], "Dropout (dropout) cannot be '1.0'"),
        (["--join", "nothing-here"], "There is no run nothing-here"),
    ],
)
def test_a_refusal_is_one_sentence(said, part, capsys):
    assert main(said) == 2
    error = capsys.readouterr().err
    assert part in error
    assert error.count("\n") == 1


def test_is_not_for_torchrun(monkeypatch, capsys):
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert main(["--sweep", "dropout=0,0.5"]) == 2
    assert "start it without torchrun" in capsys.readouterr().err
    assert runs.listing().runs == ()


def test_only_a_sweep_is_joined(create_run, capsys):
    assert main(["--join", create_run().id]) == 2
    assert "is no sweep" in capsys.readouterr().err


def test_workers_share_the_processors(monkeypatch):
    plan = Plan((parse("dropout=0,0.5"),), parallel=2)
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    assert share_threads(Config(), plan).threads == 4
    assert share_threads(Config(threads=1), plan).threads == 1
    assert share_threads(Config(), Plan(plan.axes)).threads == 0
