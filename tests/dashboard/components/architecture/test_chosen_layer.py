"""The chosen layer: which it is, its formula and its facts."""

from __future__ import annotations

import dataclasses

from dashboard.charts.architecture.formulas import formula
from dashboard.components.architecture.chosen_layer import layer_call
from dashboard.results import network
from tests.dashboard.components.component import drawn, made, texts, view_of


def script():
    from dashboard import session
    from dashboard.components.architecture import chosen_layer, graph
    from dashboard.components.look import look

    session.begin()
    view = look(session.visit().selection)
    chosen_layer.panel(view, graph.trace(view))


def test_the_layer_of_the_address_or_the_one_with_most_parameters():
    view = view_of()
    architecture = made(network.architecture(view))
    largest = layer_call(view, architecture)
    assert largest.parameters == max(call.parameters for call in architecture.calls if call.name)
    chosen = dataclasses.replace(view, selection=dataclasses.replace(view.selection, layer="block1.conv"))
    assert layer_call(chosen, architecture).name == "block1.conv"


def test_its_formula_is_written_with_its_sizes():
    architecture = made(network.architecture(view_of()))
    call = architecture.find("block1.conv")
    assert call is not None
    app = drawn(script, {"model": "cnn", "image": "mnist-10k/test/17", "layer": "block1.conv"})
    assert texts(app.subheader) == ["block1.conv: Conv2d"]
    written = formula(architecture, call)
    lines = [latex.value.strip().strip("$").strip() for latex in app.latex]
    assert lines == [line.strip() for line in written.lines]
