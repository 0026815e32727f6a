"""Remedies: each is one change of a run's settings."""

from __future__ import annotations

import dataclasses

import pytest

from models.training import remedies
from models.training.config import Config
from models.training.remedies import SMALLER, STRONGER, Remedy
from models.zoo.small import ARCHITECTURES


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


def test_other_networks_exist():
    assert set(SMALLER) | set(SMALLER.values()) | set(STRONGER) | set(STRONGER.values()) <= set(ARCHITECTURES)
