"""What training wrote into it: a histogram for each weight."""

from __future__ import annotations

from dashboard.report.contents import Chart
from dashboard.wording.weights import headline
from tests.dashboard.components.weights.weighed import distributions, subject
from tests.dashboard.report.chapters.built import built


def test_every_weight_is_a_row_of_the_chart():
    section, weights = built("weights"), distributions().of("weight")
    (chart,) = section.blocks
    assert isinstance(chart, Chart)
    assert chart.alt.startswith(f"Histograms of {len(weights)} weight tensors")
    assert all(any(weight.facts.name in text for text in chart.words) for weight in weights)
    assert section.finding == headline(subject().title, weights, distributions().tensors)
