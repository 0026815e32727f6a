"""A layer's kernels as pictures: which layer, drawn how, and which of them."""

from __future__ import annotations

from dashboard.inspection.weights.units import unit_norms
from dashboard.wording.weights import filters_headline
from tests.dashboard.components.component import alternatives, left, sound, texts
from tests.dashboard.components.weights.weighed import distributions, shown_by, subject


def test_a_first_dense_layer_is_drawn_as_pictures():
    app = shown_by("filters")
    facts = distributions().of("weight")[0].facts
    norms = unit_norms(subject().weights.tensors[facts.name]).tolist()
    assert texts(app.header) == [filters_headline(facts, norms, (28, 28))]
    assert f"tiles of {facts.name}, " in alternatives(app)[0]
    assert app.selectbox[0].value == facts.name


def test_another_layer_is_that_of_every_page():
    app = shown_by("filters")
    other = distributions().of("weight")[1].facts
    sound(app.selectbox[0].set_value(other.name).run())
    assert left(app)["layer"] == other.layer
    assert texts(app.header)[0].startswith(f"Unit 60 of {other.layer} weighs most")
