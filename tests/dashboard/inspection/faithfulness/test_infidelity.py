"""Infidelity: nothing for the exact map of a linear network, and the paper written out."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.inspection.engine.explained_score import ExplainedScore
from dashboard.inspection.faithfulness import infidelity as fidelity
from dashboard.inspection.faithfulness.curves import BATCH
from dashboard.inspection.faithfulness.infidelity import infidelity
from models.runtime.randomness import fork_rng
from tests.dashboard.inspection.faithfulness.test_curves import covers, exact, linear
from tests.networks import ConvNet, built, classifier, pixels


def test_infidelity_is_nothing_for_the_exact_map_whatever_its_units_and_much_for_a_random_one():
    of, inputs = linear()
    explained, both = ExplainedScore.of(of, 0), covers(of, inputs)
    for unit in (1.0, 1e-12, 1e12):
        assert infidelity(explained, both, unit * exact(of, inputs)) == pytest.approx(0, abs=1e-5)
    others = [np.random.default_rng(seed).normal(size=(8, 8)) for seed in range(5)]
    assert all(infidelity(explained, both, values) > 0.2 for values in others)
    assert infidelity(explained, both, np.zeros((8, 8))) == pytest.approx(1)


def test_infidelity_is_that_of_the_paper_written_out():
    of, inputs = classifier(built(ConvNet)), pixels()
    values = np.random.default_rng(5).normal(size=(8, 8)).astype(np.float32)
    explained, both = ExplainedScore.of(of, 2), covers(of, inputs)
    found = infidelity(explained, both, values)
    told, happened = [], []
    with fork_rng(fidelity.SEED):
        for _ in range(fidelity.SAMPLES // BATCH):
            for first in fidelity._squares(both.inputs.expand(BATCH, -1, -1, -1)):
                told.append(float(values[first[0].numpy()].sum()))
                changed = both.inputs.clone()
                changed[0][first] = both.hidden[0][first]
                happened.append(float((of.module(both.inputs) - of.module(changed))[0, 2]))
    foretold, actual = np.array(told), np.array(happened)
    factor = (foretold @ actual) / (foretold @ foretold)
    assert found == pytest.approx(((factor * foretold - actual) ** 2).sum() / (actual**2).sum(), rel=1e-3)
