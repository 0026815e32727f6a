"""What a run is called, in exact words."""

from __future__ import annotations

import dataclasses

import pytest

from models.training import runs
from models.training.classic import CLASSIC
from models.training.config import Config
from models.training.runs import names

MLP = Config(model="mlp")


@pytest.fixture(autouse=True)
def root(tmp_path, monkeypatch):
    monkeypatch.setenv("VITRINE_RUNS", str(tmp_path / "runs"))


def created(origin="", run_id="", **changes):
    return runs.create(dataclasses.replace(MLP, **changes), run_id, origin=origin)


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({}, "MLP"),
        ({"dropout": 0.3}, "MLP, dropout 0.3"),
        ({"activation": "tanh", "dropout": 0.3}, "MLP with Tanh, dropout 0.3"),
        ({"width": 0.5, "dropout": 0.3}, "MLP, width 0.5, dropout 0.3"),
        ({"train_samples": 1500, "epochs": 20}, "MLP, 1,500 training pictures, 20 epochs"),
        ({"train_samples": 1, "epochs": 1}, "MLP, 1 training picture, 1 epoch"),
        ({"dataset": "folder", "data": "/nowhere"}, "MLP, a folder of your own"),
        ({"model": "text_cnn", "dataset": "mails", "epochs": 3}, "Text CNN, SpamAssassin's mails, 3 epochs"),
        ({"dataset": "fashion-mnist-10k", "seed": 3}, "MLP, Fashion-MNIST 10k, seed 3"),
        ({"early_stopping": 3, "learning_rate": 0.01}, "MLP, early stopping 3, learning rate 0.01"),
        # How it is recorded, and where it is trained, is nothing that it is known by.
        ({"every_k": 7, "keep_mb": 1, "threads": 1, "device": "cpu"}, "MLP"),
        (
            {"epochs": 3, "batch_size": 8, "momentum": 0.5, "weight_decay": 0.1, "dropout": 0.5},
            "MLP, 3 epochs, batch size 8, momentum 0.5, 2 more settings",
        ),
    ],
)
def test_a_run_is_called_by_what_sets_it_apart_from_the_defaults(changes, title):
    assert names.title(created(**changes)) == title


def test_the_run_of_one_press_has_a_name_of_its_own():
    assert names.title(runs.create(CLASSIC)) == "Classic 784-128-64-10"
    assert names.title(runs.create(dataclasses.replace(CLASSIC, epochs=9))).startswith("MLP, 9 epochs, ")


def test_a_name_that_a_person_gave_stays():
    assert names.title(created(run_id="thursday", dropout=0.5)) == "thursday"


def test_a_change_is_named_from_the_run_with_a_name_that_it_goes_back_to():
    example = runs.find("example-memorises")
    first = runs.create(dataclasses.replace(example.config, dropout=0.3), origin=example.id)
    assert names.title(first) == "MLP, dropout 0.3, from MLP example"
    second = runs.create(dataclasses.replace(first.config, weight_decay=0.01), origin=first.id)
    assert names.title(second) == "MLP, weight decay 0.01, dropout 0.3, from MLP example"
    smaller = runs.create(dataclasses.replace(example.config, model="lenet5"), origin=example.id)
    assert names.title(smaller) == "LeNet-5, from MLP example"
    assert names.phrases(example.config, smaller.config) == ["LeNet-5"]


def test_a_change_of_a_run_that_is_gone_is_named_from_the_defaults():
    first = created(dropout=0.3)
    second = created(origin=first.id, dropout=0.5)
    assert names.origin(second) == first
    first.delete()
    assert names.origin(second) is None
    assert names.title(second) == "MLP, dropout 0.5"


def test_runs_that_are_alike_are_numbered():
    one, two = created(), created()
    assert [run.number for run in (one, two)] == [1, 2]
    assert [names.title(run) for run in (one, two)] == ["MLP (run 1)", "MLP (run 2)"]
    two.delete()
    assert names.title(one) == "MLP"


def test_a_circle_of_origins_comes_to_an_end(tmp_path):
    from models.runtime import files

    run = created()
    content = files.read_json(run.path / runs.CONFIG)
    files.write_json(run.path / runs.CONFIG, {**content, "origin": run.id})
    assert names.title(runs.find(run.id)) == "MLP"


def test_a_fold_is_called_after_its_parent():
    parent = created(folds=2)
    fold = runs.create(
        dataclasses.replace(parent.config, fold=1, parent=parent.id), runs.fold_id(parent.id, 1)
    )
    assert names.title(fold) == "MLP, 2 folds, fold 1"


def test_a_sweep_is_told_from_others_by_what_it_varies():
    def swept(*axes):
        plan = {"axes": [{"name": name} for name in axes]}
        return names.describe(runs.create(Config(), sweep=plan))

    assert swept("width", "seed") == "Sweep over width and seed from Small CNN"
    assert swept("dropout") == "Sweep over dropout from Small CNN"
    assert swept("no-such") == "Sweep from Small CNN"


def test_a_run_on_texts_learns_from_texts():
    config = Config(model="text_bag", dataset="mails", train_samples=300)
    assert "300 training texts" in names.describe(runs.create(config))
