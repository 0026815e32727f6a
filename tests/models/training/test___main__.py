"""The command line."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from models.training import __main__, runs, session
from models.training.config import settings

SMALL = ["--model", "mlp", "--train-samples", "200", "--epochs", "2", "--batch-size", "32", "--threads", "1"]


@pytest.fixture(autouse=True)
def priority(monkeypatch):
    monkeypatch.setattr(os, "nice", lambda step: 0)


def test_trains_and_says_so(capfd):
    assert __main__.main([*SMALL, "--dataset", "mnist-10k", "--optimizer", "adam"]) == 0
    (one,) = runs.listing().runs
    assert (one.config.model, one.config.batch_size, one.status().state) == ("mlp", 32, "finished")
    assert f"Run {one.id} finished" in capfd.readouterr().err


def test_shows_a_bar_to_a_person(capfd, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert __main__.main(SMALL) == 0
    assert "epoch 2/2" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--model", "bogus"], "choose one of mlp"),
        (["--epochs", "0"], "from 1 to"),
        (["--learning-rate", "fast"], "choose a number"),
        (["--dataset", "folder"], "--data PATH"),
        (["--resume", "nobody"], "There is no run nobody"),
        (["--resume", "../../etc"], "not the name of a run"),
        (["--resume", "a", "--epochs", "3"], "keeps its settings"),
    ],
)
def test_refuses_in_one_sentence(capfd, arguments, words):
    assert __main__.main(arguments) == 2
    said = capfd.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert not runs.listing().runs


def test_resumes(create_run, capfd):
    one = create_run(epochs=1)
    assert __main__.main(["--resume", one.id]) == 0
    assert one.status().state == "finished"
    assert __main__.main(["--resume", one.id]) == 2
    assert "is finished" in capfd.readouterr().err


def test_failing_is_told_to_the_shell(capfd):
    assert __main__.main([*SMALL, "--optimizer", "sgd", "--learning-rate", "1e8", "--epochs", "20"]) == 1
    assert "failed" in capfd.readouterr().err


@pytest.mark.slow
def test_folds(capfd):
    assert __main__.main([*SMALL, "--folds", "2"]) == 0
    assert len(runs.listing().runs) == 3
    assert "spread_best_top1" in capfd.readouterr().err


def test_help_names_every_setting():
    said = subprocess.run(
        [sys.executable, "-m", "models.training", "--help"], capture_output=True, text=True, check=True
    ).stdout
    for name, setting in settings().items():
        assert bool(re.search(rf"--{name.replace('_', '-')}\b(?!-)", said)) is bool(setting.group)


def test_training_steps_back(monkeypatch, create_run):
    asked: list[int] = []

    def nice(step):
        asked.append(step)
        return 3

    monkeypatch.setattr(os, "nice", nice)
    monkeypatch.setattr(session, "train", lambda *_, **__: "finished")
    __main__.main(["--resume", create_run(epochs=1).id])
    assert asked == [0, 7]
