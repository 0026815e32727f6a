"""Remedies: each is one change of a run's settings."""

from __future__ import annotations

import dataclasses

import pytest

from models.tensorboard.scalars import EPOCH_TOP1, VALIDATION_TOP1
from models.training import remedies, runs
from models.training.config import Config
from models.training.formats.pictures import PictureFormat
from models.training.kinds import kind_of
from models.training.remedies import SMALLER, STRONGER, Remedy, memorising_remedies
from models.training.runs.facts import Facts
from models.training.runs.status import Status


def titles(found: tuple[Remedy, ...]) -> list[str]:
    return [remedy.title for remedy in found]


def changes(found: tuple[Remedy, ...]) -> dict[str, object]:
    return {name: value for remedy in found for name, value in remedy.changes.items()}


def test_a_remedy_starts_a_run_of_its_own():
    fold = Config(folds=3, fold=2, parent="cv", epochs=4)
    changed = Remedy("Longer", "Because.", {"epochs": 9}).apply_to(fold)
    assert fold.differences(changed) == {"epochs": (4, 9), "fold": (2, 0), "parent": ("cv", "")}


def test_against_memorising():
    found = remedies.memorising_remedies(Config(model="cnn", train_samples=500))
    assert changes(found) == {
        "train_samples": 0,
        "augmentation": "affine",
        "dropout": 0.3,
        "weight_decay": 0.0005,
        "early_stopping": 3,
        "model": "resnet",
    }


def test_what_a_run_does_already_is_increased_or_left_out():
    config = Config(model="resnet", augmentation="flip", dropout=0.2, weight_decay=0.01, early_stopping=5)
    found = remedies.memorising_remedies(config)
    assert changes(found) == {"dropout": 0.4, "weight_decay": 0.05}
    assert changes(remedies.memorising_remedies(Config(optimizer="adamw")))["weight_decay"] == 0.05
    most = dataclasses.replace(config, dropout=0.7, weight_decay=1.0)
    assert remedies.memorising_remedies(most) == ()


def test_against_weakness():
    config = Config(model="mlp", optimizer="sgd", learning_rate=1.0, dropout=0.5, weight_decay=0.1, epochs=5)
    found = remedies.weakness_remedies(config)
    assert changes(found) == {
        "optimizer": "adam",
        "learning_rate": 0.001,
        "dropout": 0.0,
        "weight_decay": 0.0,
        "model": "cnn",
        "epochs": 10,
    }
    assert titles(remedies.weakness_remedies(Config(model="cnn"))) == ["Twice the epochs"]


@pytest.mark.parametrize(("epochs", "longer"), [(1, 2), (60_000, 100_000)])
def test_twice_the_epochs(epochs, longer):
    (remedy,) = remedies.longer_training(Config(epochs=epochs))
    assert remedy.changes == {"epochs": longer}
    assert remedies.longer_training(Config(epochs=100_000)) == ()


def test_a_network_for_texts_is_offered_what_means_something_to_it():
    titles = [remedy.title for remedy in memorising_remedies(Config(model="text_cnn", dataset="mails"))]
    assert "Augmentation" not in titles and "A smaller network" in titles
    for remedy in memorising_remedies(Config(model="text_bag", dataset="mails")):
        assert remedy.apply_to(Config(model="text_bag", dataset="mails")).reads == "text"


def test_other_networks_exist():
    for network, other in (*SMALLER.items(), *STRONGER.items()):
        assert kind_of(network) == kind_of(other)


@pytest.fixture
def train(tmp_path):
    """A function that makes the folder of a run that is trained, of known accuracies."""

    def create(config, *, train, validation, test, origin=""):
        run = runs.create(config, f"run{len(list(tmp_path.iterdir()))}", tmp_path, origin=origin)
        Facts(
            "Digits", "mnist-10k", ("0", "1"), PictureFormat((28, 28), (0.1,), (0.3,)), {"test": 1000}, ()
        ).write(run.path)
        latest = {EPOCH_TOP1: train, VALIDATION_TOP1: validation}
        Status(state="finished", latest=latest, scores={"test_top1": test}).write(run.path)
        return run

    return create


def test_what_each_remedy_did_is_told_by_its_gap_and_its_accuracy(train):
    config = Config(model="mlp", train_samples=500)
    run = train(config, train=1.0, validation=0.8, test=0.8)
    tried = [
        train(remedy.apply_to(config), train=0.9, validation=0.85, test=0.9, origin=run.id)
        for remedy in remedies.memorising_remedies(config)[:2]
    ]
    elsewhere = train(dataclasses.replace(config, dropout=0.3), train=0.5, validation=0.5, test=0.5)
    known = [*tried, elsewhere, run]
    more, augmented = remedies.outcomes(run, remedies.memorising_remedies(config), known)
    assert (more.title, more.run, augmented.title) == ("More data", tried[0].id, "Augmentation")
    assert (more.gap, more.gap_before) == pytest.approx((0.05, 0.2))
    assert (more.effect.part, more.effect.before, more.effect.after) == ("test", 0.8, 0.9)
    assert more.effect.is_clear


def test_of_a_remedy_that_is_not_trained_yet_there_is_an_attempt_only(train):
    config = Config(model="mlp", train_samples=500)
    run = train(config, train=1.0, validation=0.8, test=0.8)
    wanted = remedies.memorising_remedies(config)
    begun = runs.create(wanted[0].apply_to(config), "begun", run.path.parent, origin=run.id)
    assert remedies.attempts(run, wanted, [begun, run]) == {"More data": begun}
    assert remedies.outcomes(run, wanted, [begun, run]) == []
