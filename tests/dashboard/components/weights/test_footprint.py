"""What the weights take, and what smaller numbers would cost on the photo."""

from __future__ import annotations

from dashboard.inspection.weights.footprint import stored_bytes
from dashboard.results import weights as results
from dashboard.wording.weights import footprint_headline
from tests.dashboard.components.component import columns, made, texts, view_of
from tests.dashboard.components.weights.weighed import MLP, shown_by, subject


def test_bytes_and_costs_are_those_of_the_network():
    sizes, costs = stored_bytes(subject().weights), made(results.precisions(view_of(MLP)))
    app = shown_by("footprint")
    assert texts(app.header) == [footprint_headline(subject().title, sizes, costs)]
    assert columns(app)["Format"] == [cost.title for cost in costs]
    assert columns(app)["Bytes"] == [cost.bytes for cost in costs]
    everything = columns(app, 1)
    assert sum(everything["Bytes"]) == sum(sizes.values())
    assert everything["Bytes"] == sorted(everything["Bytes"], reverse=True)
