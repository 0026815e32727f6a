"""What classes say together, from probabilities that are known."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.inspection.kinds import coarse_confusion, kinds_of, seen_kind, share
from dashboard.records.pictures import Prediction
from models.datasets.imagenet import imagenet_classes


def prediction(**shares: float) -> Prediction:
    """An answer with these probabilities, by the names of classes with _ for a space; the rest spread evenly."""
    classes = imagenet_classes()
    probabilities = np.full(len(classes), (1 - sum(shares.values())) / len(classes))
    for name, value in shares.items():
        probabilities[classes.index(name.replace("_", " "))] += value
    return Prediction(np.log(probabilities), probabilities, classes)


def test_a_kind_has_the_sum_of_the_probabilities_of_its_classes():
    answer = prediction(Egyptian_cat=0.4, tiger_cat=0.35, tabby=0.2)
    kind = next(kind for kind in kinds_of(answer.classes, answer.winner) if kind.name == "cat")
    assert share(answer, kind) == pytest.approx(0.95 + 0.05 * len(kind.classes) / 1000)


def test_the_nearest_kind_that_is_sure_is_told():
    found = seen_kind(prediction(Egyptian_cat=0.4, tiger_cat=0.35, tabby=0.2))
    assert found is not None and found.name == "cat"
    # Of cats it is not sure here, of mammals it is; of nothing more than likely, the likely one is told.
    mammal = seen_kind(prediction(Egyptian_cat=0.5, giant_panda=0.45))
    assert mammal is not None and mammal.name == "mammal"
    likely = seen_kind(prediction(Egyptian_cat=0.6, rocking_chair=0.35))
    assert likely is not None and likely.name == "cat"
    assert seen_kind(prediction(tench=0.0)) is None


def test_other_classes_have_no_kinds():
    assert kinds_of(("a", "b", "c"), 0) == []
    answer = np.array([0.9, 0.1])
    assert seen_kind(Prediction(np.log(answer), answer, ("a", "b"))) is None
    assert seen_kind(Prediction(answer, None, ("a", "b"), "values")) is None


def test_classes_are_confused_within_a_kind_and_beyond():
    classes = imagenet_classes()
    labels, predicted = (
        np.array([classes.index(name) for name in names])
        for names in (
            ("pug", "boxer", "tabby", "tench", "axolotl", "pot"),
            ("boxer", "boxer", "pug", "tench", "tench", "pot"),
        )
    )
    coarse = coarse_confusion(classes, labels, predicted)
    assert coarse is not None and coarse.matrix.sum() == 6 and coarse.right == pytest.approx(4 / 6)
    dog, mammal, animal, fish = map(coarse.names.index, ("dog", "other mammal", "other animal", "fish"))
    assert (
        coarse.matrix[dog, dog] == 2 and coarse.matrix[mammal, dog] == 1 and coarse.matrix[animal, fish] == 1
    )
    assert coarse.kind_of[[classes.index(name) for name in ("pug", "tabby", "axolotl")]].tolist() == [
        dog,
        mammal,
        animal,
    ]
    assert {dog, mammal, animal, fish} < set(coarse.present) and len(coarse.present) == 5


def test_a_kind_of_which_a_nearer_one_holds_a_part_is_the_others():
    coarse = coarse_confusion(imagenet_classes(), np.zeros(1, int), np.zeros(1, int))
    assert coarse is not None
    assert [name for name in coarse.names if name.startswith("other ")] == [
        "other artifact",
        "other animal",
        "other mammal",
    ]
    assert len(coarse.names) == 16


def test_other_classes_have_no_coarse_confusion():
    assert coarse_confusion(("a", "b"), np.zeros(1, int), np.zeros(1, int)) is None
