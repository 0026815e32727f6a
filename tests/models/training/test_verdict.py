"""Verdicts, on curves whose story is known."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from models.training import remedies, verdict
from models.training.config import Config
from models.training.verdict import Curves, judge

EPOCHS = np.arange(1, 21)
LEARNS = 2.3 * np.exp(-EPOCHS / 4)
CONFIG = Config(model="mlp", train_samples=500, epochs=20)


def judged(curves, config=CONFIG, *, classes=10, validated=1000):
    return judge(curves, config, classes=classes, validated=validated)


def healthy():
    top1 = 1 - LEARNS / 2.5
    return Curves(LEARNS, top1, LEARNS + 0.02, top1 - 0.01)


def memorising(since=8):
    """Validation follows until an epoch, then stays while training goes on."""
    validation = np.where(since > EPOCHS, LEARNS, LEARNS[since - 1] + 0.05 * (EPOCHS - since + 1))
    top1 = 1 - LEARNS / 2.5
    return Curves(LEARNS, top1, validation, np.where(since > EPOCHS, top1, top1[since - 1] - 0.06))


def test_memorising_is_told_with_its_epoch_and_size():
    found = judged(memorising(since=8))
    assert found.kind == verdict.MEMORISES
    assert found.since == 8
    assert "epoch 8" in found.sentence
    assert "(99 % against" in found.sentence
    assert found.gap == pytest.approx(0.19, abs=0.02)
    assert found.rise > verdict.RISE
    assert len(found.evidence) == 3


def test_a_rising_loss_alone_is_memorising_too():
    curves = memorising()
    found = judged(dataclasses.replace(curves, validation_top1=curves.train_top1 - 0.02))
    assert found.kind == verdict.MEMORISES
    assert found.since == 8
    assert "Validation loss has risen by" in found.sentence


def test_remedies_change_one_thing_each_and_can_be_started():
    found = judged(memorising())
    assert [remedy.title for remedy in found.remedies] == [
        "More data",
        "Augmentation",
        "Dropout",
        "Weight decay",
        "Early stopping",
        "A smaller network",
    ]
    for remedy in found.remedies:
        assert len(CONFIG.differences(remedy.apply_to(CONFIG))) == 1
    assert found.remedies[0].apply_to(CONFIG).train_samples == 0


def test_a_remedy_that_is_in_use_is_not_offered_again():
    used = Config(model="resnet", augmentation="shift", early_stopping=3, dropout=0.7, weight_decay=1.0)
    assert [remedy.title for remedy in remedies.memorising_remedies(used)] == []


def test_going_together_is_healthy():
    found = judged(healthy(), dataclasses.replace(CONFIG, epochs=20))
    assert found.kind in {verdict.HEALTHY, verdict.LEARNING}
    assert found.since is None
    flat = Curves(
        *(
            np.r_[getattr(healthy(), field.name), [getattr(healthy(), field.name)[-1]] * 20]
            for field in dataclasses.fields(Curves)
        )
    )
    found = judged(flat)
    assert (found.kind, found.remedies) == (verdict.HEALTHY, ())
    assert "go together (99 % against 98 %)" in found.sentence


def test_what_still_falls_may_go_on():
    found = judged(healthy())
    assert found.kind == verdict.LEARNING
    assert found.remedies[0].changes == {"epochs": 40}


def test_learning_nothing_is_told():
    flat = np.full(20, 2.3)
    found = judged(
        Curves(flat, np.full(20, 0.12), flat, np.full(20, 0.11)),
        Config(model="mlp", optimizer="sgd", dropout=0.9),
    )
    assert found.kind == verdict.WEAK
    assert "guessing gets 10 %" in found.sentence
    assert {"optimizer", "learning_rate"} == set(found.remedies[0].changes)


def test_the_evidence_says_what_is_now_where_that_is_another_number():
    top1 = np.array([0.5, 0.6, 0.7])
    falling, rising = np.array([1.0, 0.5, 0.25]), np.array([0.75, 0.5, 0.625])
    assert judged(Curves(falling, top1, falling, top1)).evidence[1:] == (
        "Validation loss: lowest at epoch 3 (0.25).",
        "Training loss: 0.25 at that epoch.",
    )
    assert judged(Curves(falling, top1, rising, top1)).evidence[1:] == (
        "Validation loss: lowest at epoch 2 (0.5), now 0.625.",
        "Training loss: 0.5 at that epoch, now 0.25.",
    )


@pytest.mark.parametrize("epochs", [0, 1, 2])
def test_too_early_is_a_finding(epochs):
    curves = healthy()
    short = Curves(*(getattr(curves, field.name)[:epochs] for field in dataclasses.fields(Curves)))
    found = judged(short)
    assert (found.kind, found.remedies) == (verdict.TOO_EARLY, ())


def test_a_gap_that_few_pictures_explain_is_none():
    top1 = np.full(20, 0.9)
    curves = Curves(np.full(20, 0.3), top1, np.full(20, 0.3), top1 - 0.06)
    assert judged(curves, validated=2000).kind == verdict.MEMORISES
    assert judged(curves, validated=50).kind == verdict.HEALTHY


def test_a_gap_that_closed_again_is_none():
    curves = memorising()
    assert (
        judged(
            dataclasses.replace(
                curves,
                validation_loss=curves.train_loss,
                validation_top1=np.r_[curves.validation_top1[:-1], 0.98],
            )
        ).kind
        != verdict.MEMORISES
    )


def test_one_bad_epoch_is_no_turn():
    curves = healthy()
    jump = curves.validation_loss.copy()
    jump[-1] *= 3
    assert judged(dataclasses.replace(curves, validation_loss=jump)).kind != verdict.MEMORISES


def test_a_gap_from_the_start_began_at_the_first_epoch():
    curves = Curves(LEARNS, np.full(20, 0.99), LEARNS, np.full(20, 0.5))
    assert judged(curves).since == 1


def test_where_nobody_can_be_right_of_all_weak_is_what_hardly_beats_guessing():
    """Of the next choices a third is told by a network that is almost as good as can be; of pictures it is little."""
    top1 = np.full(20, 0.34)
    level = np.full(20, 4.0)
    curves = Curves(level, top1, level, top1)
    chooses = Config(model="two_towers", dataset="films")
    assert judged(curves, chooses, classes=200).kind == verdict.HEALTHY
    assert judged(curves, classes=200).kind == verdict.WEAK
    guesses = dataclasses.replace(curves, train_top1=top1 / 4)
    found = judged(guesses, chooses, classes=200)
    assert found.kind == verdict.WEAK
    assert "histories are right, guessing gets 5 %" in found.sentence
