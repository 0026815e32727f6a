"""What is said on top follows from the numbers."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from dashboard.inspection.evaluation.comparison import flips
from dashboard.inspection.evaluation.measures import evaluate
from dashboard.inspection.evaluation.scores import rate
from dashboard.records.evaluation import Answers, Evaluation
from dashboard.wording import evaluation as findings
from models.baseline import Baseline

CLASSES = ("cat", "dog", "owl")


def evaluation(confusion: list[list[int]], sure: float = 3.0) -> Evaluation:
    """Answers with that confusion matrix, all alike sure."""
    matrix = np.array(confusion)
    labels, predicted = (
        np.repeat(axis.ravel(), matrix.ravel()) for axis in np.mgrid[: len(matrix), : len(matrix)]
    )
    logits = (np.eye(len(matrix))[predicted] * sure).astype(np.float32)
    return evaluate(Answers(logits, labels, np.arange(len(labels)), 1.0))


FOUND = evaluation([[90, 10, 0], [4, 96, 0], [0, 3, 97]])


def test_the_headline_has_its_interval():
    said = findings.headline("Net (MNIST)", FOUND.accuracy, "the 300 pictures", 3, trained=True)
    assert said == "Net is right about 94.3 % of the 300 pictures (95 % interval 91.1 % to 96.4 %)."
    said = findings.headline("Net", rate(10, 100), "the 100 pictures", 10, trained=False)
    assert said == "Untrained, Net is right about 10.0 % of the 100 pictures; guessing would get 10.0 %."


def test_mistakes_name_the_pair_that_is_confused_most():
    assert findings.mistakes(FOUND, CLASSES) == (
        "17 mistakes; the most frequent: 10 of the 100 pictures of cat are called dog."
    )
    assert findings.mistakes(evaluation([[5, 1], [0, 5]]), CLASSES).startswith("1 mistake;")
    assert findings.mistakes(evaluation([[5, 0], [0, 5]]), CLASSES) == "Not one mistake among 10 pictures."


def test_weakest_and_strongest_are_by_one_measure_and_ties_are_named():
    assert findings.weakest(FOUND, CLASSES) == (
        "Weakest is cat: 90.0 % of its pictures are found. Strongest is owl: 97.0 % are found."
    )
    level = evaluation([[10, 10, 0], [0, 20, 0], [0, 0, 20]])
    assert findings.weakest(level, CLASSES).endswith("Strongest are dog and owl: 100 % are found.")
    many = evaluation((np.eye(5, dtype=int) * 20 + np.eye(5, k=1, dtype=int)[[0, 4, 4, 4, 4]] * 5).tolist())
    assert findings.weakest(many, ("a", "b", "c", "d", "e")).endswith(
        "Strongest are 4 classes that are level: 100 % are found."
    )


def test_a_class_of_few_pictures_is_not_called_the_weakest():
    assert findings.weakest(evaluation([[80, 10, 0], [0, 95, 0], [9, 0, 0]]), CLASSES).startswith(
        "Weakest is cat"
    )
    assert findings.weakest(evaluation([[50, 0], [0, 50]]), CLASSES) == ""


def test_sureness_says_which_way_it_errs():
    over = findings.sureness(evaluation([[60, 40], [40, 60]], sure=4.0))
    assert "98.2 % sure and 60.0 % right" in over
    assert "too sure of itself" in over and "would bring the error from" in over
    under = findings.sureness(evaluation([[98, 2], [2, 98]], sure=0.5))
    assert "not as sure as it may be" in under
    fine = findings.sureness(evaluation([[88, 12], [12, 88]], sure=2.0))
    assert "can be taken at their word" in fine


def test_a_temperature_says_what_it_was_measured_on():
    found = evaluation([[60, 40], [40, 60]], sure=4.0).temperature
    assert found is not None
    said = findings.temperature_effect(found)
    assert "helps: calibration error" in said
    assert "Fitted on 100 pictures at random, measured on the other 100." in said


def test_a_temperature_that_lowers_one_measure_and_not_the_other_cannot_be_told_apart():
    found = evaluation([[60, 40], [40, 60]], sure=4.0)
    assert found.temperature is not None
    before, after = found.temperature.before, found.temperature.after
    for gain, error in (((-0.1, 0.2), after.ece), ((-0.2, -0.1), after.ece), ((0.1, 0.2), 2 * before.ece)):
        unclear = dataclasses.replace(
            found.temperature, gain=gain, after=dataclasses.replace(after, ece=error)
        )
        assert unclear.effect == 0
        assert "cannot be told apart from leaving them" in findings.temperature_effect(unclear)
        said = findings.sureness(dataclasses.replace(found, temperature=unclear))
        assert said.endswith("Whether a temperature would mend that cannot be told from 100 pictures.")
    worse = dataclasses.replace(
        found.temperature, gain=(-0.2, -0.1), after=dataclasses.replace(after, ece=2 * before.ece)
    )
    assert "does harm" in findings.temperature_effect(worse)


@pytest.mark.parametrize(
    ("fixed", "broken", "sentence"),
    [
        (31, 12, "fixed 31 and broke 12: unlikely to be chance, p = 0.0061"),
        (300, 12, "unlikely to be chance, p below 0.001"),
        (7, 5, "that may well be chance, p = 0.77"),
        (6, 6, "no difference in accuracy"),
        (0, 0, "are right about the same 50 pictures"),
    ],
)
def test_flips_are_judged_in_words(fixed, broken, sentence):
    right = np.eye(2, dtype=np.float32)[[0] * 50 + [1] * fixed + [0] * broken]
    other = np.eye(2, dtype=np.float32)[[0] * 50 + [0] * fixed + [1] * broken]
    labels = np.zeros(50 + fixed + broken, dtype=int)
    indices = np.arange(len(labels))
    found = flips(
        evaluate(Answers(right, labels, indices, 1.0)), evaluate(Answers(other, labels, indices, 1.0))
    )
    assert sentence in findings.difference(found, "New", "Old")


def test_hits_and_mistakes_are_told_by_how_sure_they_are():
    assert findings.surest_mistakes(np.array([0.97, 0.91, 0.4])) == (
        "3 mistakes, the surest 97 % sure; in 2 of them it is more than 90 % sure."
    )
    assert findings.nearest_misses(np.array([0.12, 0.9])) == "Of 2 hits the nearest miss was only 12 % sure."


def test_the_fullest_bin_is_told_with_its_numbers():
    said = findings.calibration(evaluation([[60, 40], [40, 60]], sure=4.0).reliability)
    assert said.startswith("Calibration error 0.382 over 15 bins; mean loss ")
    assert said.endswith("100 % of the pictures lie in one bin, where it is 98.2 % sure and 60.0 % right.")


def test_why_there_is_no_temperature():
    assert findings.no_temperature(3) == "3 pictures are too few to fit a temperature."
    assert findings.no_temperature(3000).startswith("It cannot be fitted: the loss falls without end")
    assert findings.hint(12) == (
        "12 pictures: a hint, not a statistic. The interval tells how little they say."
    )


@pytest.mark.parametrize(
    ("right", "verdict"),
    [(998, "which is more"), (950, "which the texts cannot tell apart from it"), (800, "which is less")],
)
def test_a_baseline_is_told_with_its_interval(right, verdict):
    sentence = findings.beside_baseline(rate(950, 1000), Baseline("tf-idf", right, 1000), "texts")
    assert sentence.startswith(
        f"Tf-idf is right about {right / 10:.1f} % of the same texts, {verdict} (95 % interval"
    )
