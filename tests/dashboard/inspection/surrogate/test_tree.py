"""A tree against scikit-learn's own, number by number, and on networks whose rules are known."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, cohen_kappa_score
from sklearn.tree import DecisionTreeClassifier, export_text

from dashboard.charts.surrogate import rules
from dashboard.inspection.surrogate.features import FEATURES, Features
from dashboard.inspection.surrogate.reading import read
from dashboard.inspection.surrogate.tree import (
    FEWEST_IN_A_LEAF,
    SEED,
    class_agreements,
    disagreements,
    grow,
    kappa,
)
from dashboard.inspection.surrogate.verdict import explains, shallowest
from dashboard.records.surrogate import DEEPEST, Readings, Surrogate
from tests.dashboard.inspection.surrogate.pictures import Branches, black_and_white, blobs, read_as
from tests.networks import classifier

SEEDS = range(3)


def features(readings: Readings) -> Features:
    names = tuple(f"number {place}" for place in range(readings.units.shape[1]))
    return Features(names, names, readings.units)


def theirs(readings: Readings, depth: int) -> DecisionTreeClassifier:
    """scikit-learn's tree of that depth on the pictures that are not held out."""
    model = DecisionTreeClassifier(max_depth=depth, min_samples_leaf=FEWEST_IN_A_LEAF, random_state=SEED)
    kept = ~readings.held_out
    return model.fit(readings.units[kept], readings.answers[kept])


@pytest.fixture(scope="module", params=SEEDS)
def pair(request) -> tuple[Readings, Surrogate]:
    readings = blobs(seed=request.param)
    return readings, grow(readings, features(readings))


def test_the_tree_is_that_of_scikit_learn(pair):
    readings, found = pair
    model = theirs(readings, DEEPEST).tree_
    asks = found.tree.left >= 0
    assert found.tree.feature[asks].tolist() == model.feature[asks].tolist()
    assert found.tree.threshold[asks].tolist() == model.threshold[asks].tolist()
    assert found.tree.left.tolist() == model.children_left.tolist()
    assert found.tree.right.tolist() == model.children_right.tolist()
    assert found.tree.counts.sum(1).tolist() == model.n_node_samples.tolist()
    np.testing.assert_allclose(
        found.tree.counts / found.tree.counts.sum(1, keepdims=True), model.value[:, 0], atol=1e-12
    )
    assert found.tree.depth.max() == model.max_depth


@pytest.mark.parametrize("depth", [1, 2, 4, DEEPEST])
def test_cut_at_a_depth_it_is_the_tree_of_that_depth(pair, depth):
    readings, found = pair
    model = theirs(readings, depth)
    said, network = model.predict(readings.units), readings.answers
    assert found.says(depth).tolist() == said.tolist()
    one, held_out = found.fidelity[depth], readings.held_out
    assert one.leaves == model.get_n_leaves() == found.tree.leaves(depth)
    assert one.held_out == pytest.approx(accuracy_score(network[held_out], said[held_out]))
    assert one.grown == pytest.approx(accuracy_score(network[~held_out], said[~held_out]))
    assert one.kappa == pytest.approx(cohen_kappa_score(network[held_out], said[held_out]))
    assert one.right == pytest.approx(accuracy_score(readings.labels[held_out], said[held_out]))
    assert found.network_right == pytest.approx(accuracy_score(readings.labels[held_out], network[held_out]))


def test_at_depth_0_it_names_the_commonest_answer(pair):
    readings, found = pair
    commonest = np.bincount(readings.answers[~readings.held_out]).argmax()
    assert set(found.says(0)) == {commonest}
    assert found.fidelity[0].held_out == (readings.answers[readings.held_out] == commonest).mean()
    assert found.fidelity[0].kappa == 0


def test_every_node_holds_the_mean_of_the_pictures_that_come_there(pair):
    readings, found = pair
    path = theirs(readings, DEEPEST).decision_path(readings.units).toarray().astype(bool)
    path &= ~readings.held_out[:, None]
    for node in range(len(found.tree.feature)):
        mean = readings.pictures[path[:, node]].astype(float).mean(0)
        np.testing.assert_allclose(found.tree.means[node], mean, atol=0.5)


@pytest.mark.parametrize("depth", [0, 1, 3])
def test_the_text_is_that_of_scikit_learn(pair, depth):
    readings, found = pair
    classes = [f"class {index}" for index in range(10)]
    if depth:
        model = theirs(readings, depth)
        text = export_text(
            model,
            feature_names=list(features(readings).names),
            class_names=[classes[known] for known in model.classes_],
            decimals=rules.DECIMALS,
        )
        assert rules.rules_text(found.tree, depth, classes) == text
    else:
        assert rules.rules_text(found.tree, 0, classes).startswith("|--- class: class ")


def test_the_table_names_every_node_and_adds_up(pair):
    _, found = pair
    table = rules.node_table(found.tree, 2, ["same name"] * 10)
    assert len(table["Node"]) == (found.tree.depth <= 2).sum()
    answered = [column for name, column in table.items() if name.startswith("Answered same name (class ")]
    assert len(answered) == len(found.tree.classes)
    assert [sum(row) for row in zip(*answered, strict=True)] == table["Pictures"]


@pytest.mark.parametrize("seed", SEEDS)
def test_kappa_is_that_of_scikit_learn(seed):
    generator = np.random.default_rng(seed)
    one, other = generator.integers(0, 5, 200), generator.integers(0, 4, 200)
    other[:90] = one[:90]
    assert kappa(one, other) == pytest.approx(cohen_kappa_score(one, other))
    assert kappa(np.zeros(9), np.zeros(9)) == 0


def test_agreement_by_class_adds_up_to_the_fidelity(pair):
    readings, found = pair
    rows = class_agreements(found, 2)
    assert sum(row.pictures for row in rows) == found.held_out
    assert sum(row.agreed for row in rows) == round(found.fidelity[2].held_out * found.held_out)
    for row in rows:
        here = found.says(2)[readings.held_out & (readings.answers == row.answer)]
        wrong = here[here != row.answer]
        assert row.agreed == len(here) - len(wrong)
        assert (
            row.instead is None
            if not len(wrong)
            else (wrong == row.instead).sum() == np.bincount(wrong).max()
        )


def test_disagreements_are_all_of_them_the_surest_first(pair):
    readings, found = pair
    places = disagreements(found, 2)
    differ = np.flatnonzero(readings.held_out & (found.says(2) != readings.answers))
    assert sorted(places) == differ.tolist()
    model = theirs(readings, 2)
    sure = model.predict_proba(readings.units[places]).max(1)
    assert (np.diff(sure) <= 1e-12).all()


def test_a_network_that_is_a_tree_is_found_with_fidelity_1():
    of, sample = classifier(Branches()), black_and_white()
    readings = read(of, sample)
    found = grow(readings, FEATURES["pixels"].of(readings, of.classes))
    assert [one.held_out for one in found.fidelity[2:]] == [1.0] * (DEEPEST - 1)
    assert found.fidelity[2].kappa == 1
    assert found.fidelity[1].held_out < 0.9
    assert shallowest(found) == 2
    assert not len(disagreements(found, 2))
    text = rules.rules_text(found.tree, DEEPEST, of.classes)
    assert text.splitlines() == [
        "|--- ink at row 3, column 4 <= 0.500",
        "|   |--- class: class 0",
        "|--- ink at row 3, column 4 >  0.500",
        "|   |--- ink at row 6, column 7 <= 0.500",
        "|   |   |--- class: class 1",
        "|   |--- ink at row 6, column 7 >  0.500",
        "|   |   |--- class: class 2",
    ]


def test_answers_without_a_rule_are_not_explained():
    generator = np.random.default_rng(1)
    readings = read_as(generator.normal(size=(800, 6)), generator.integers(0, 3, 800))
    found = grow(readings, features(readings))
    assert shallowest(found) is None
    assert found.fidelity[DEEPEST].grown > 0.5 > found.fidelity[DEEPEST].held_out
    assert abs(found.fidelity[DEEPEST].kappa) < 0.15
    assert found.network_right is None and found.fidelity[3].right is None


def test_a_common_answer_alone_is_no_explanation():
    """Nearly nine in ten of the answers are one class: agreeing on those is no more than naming it always."""
    generator = np.random.default_rng(2)
    answers = (generator.random(800) > 0.88).astype(int)
    readings = read_as(generator.normal(size=(800, 3)), answers)
    found = grow(readings, features(readings))
    assert found.fidelity[1].held_out > 0.8
    assert not explains(found.fidelity[1])
    assert shallowest(found) is None


def test_an_answer_that_only_the_pictures_held_out_get_counts_as_missed():
    readings = blobs()
    answers = readings.answers.copy()
    held_out = np.flatnonzero(readings.held_out)
    answers[held_out[:20]] = 99
    changed = dataclasses.replace(readings, answers=answers)
    found = grow(changed, features(changed))
    assert next(row for row in class_agreements(found, 3) if row.answer == 99).agreed == 0
    assert set(held_out[:20]) <= set(disagreements(found, 3))


def test_progress_may_end_the_work():
    def stop(share: float) -> None:
        raise InterruptedError

    readings = blobs(200)
    with pytest.raises(InterruptedError):
        grow(readings, features(readings), stop)
