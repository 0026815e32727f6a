"""Against another network: which answers flipped, and which networks can be compared."""

from __future__ import annotations

import pytest

from dashboard.components.evaluation import against
from dashboard.inspection.evaluation.comparison import flips
from tests.dashboard.components.component import columns, texts
from tests.dashboard.components.evaluation.evaluated import shown_by, subject


@pytest.mark.slow
def test_without_another_network_it_takes_the_closest():
    app = shown_by(against.draw)
    assert texts(app.subheader)[0].startswith("Against ")


def test_the_same_network_flips_nothing():
    evaluation = subject().evaluation
    same = flips(evaluation, evaluation)
    table = against.flip_columns(subject(), evaluation, same)
    assert all(values == [] for values in table.values())


@pytest.mark.slow
def test_fixed_and_broken_are_counted_from_the_other_to_this_one():
    app = shown_by(against.draw, {"against": "cnn"})
    metrics = {metric.label: int(metric.value.replace(",", "")) for metric in app.metric[1:]}
    assert metrics["Both right"] + metrics["Fixed"] == subject().evaluation.accuracy.right
    assert sum(metrics.values()) == subject().evaluation.accuracy.count
    assert len(columns(app)["flip"]) >= metrics["Fixed"] + metrics["Broken"]
    assert texts(app.subheader)[0].startswith("Against ")
