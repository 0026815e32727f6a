"""What training wrote into it: a histogram for each weight."""

from __future__ import annotations

import dataclasses

from dashboard.report.chapters import weights
from dashboard.report.contents import Chart
from dashboard.wording.weights import headline
from tests.dashboard.components.weights.weighed import distributions, subject
from tests.dashboard.report.chapters.built import built


def test_every_weight_is_a_row_of_the_chart():
    section, tensors = built("weights"), distributions().of("weight")
    (chart,) = section.blocks
    assert isinstance(chart, Chart)
    assert chart.alt.startswith(f"Histograms of {len(tensors)} weight tensors")
    assert all(any(weight.facts.name in text for text in chart.words) for weight in tensors)
    assert section.finding == headline(subject().title, tensors, distributions().tensors)


def test_a_slide_has_few_rows_and_the_layer_that_is_told_of():
    tensors = [
        dataclasses.replace(
            one, facts=dataclasses.replace(one.facts, name=f"layer{number}.weight", layer=f"layer{number}")
        )
        for number, one in enumerate(distributions().of("weight")[:1] * 30)
    ]
    words = " ".join(weights._chart(tensors, weights.SLIDE_ROWS, "layer2 stands out in the network.").words)
    shown = [number for number in range(30) if f"layer{number}.weight" in words]
    assert shown[0] == 0 and shown[-1] == 29 and 2 in shown and len(shown) == weights.SLIDE_ROWS + 1
