"""The backward pass: the error, the gradient at every stage, and the chain rule in numbers."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.results import activations as results
from dashboard.wording import gradients
from tests.dashboard.components.component import chart, columns, made, on_view, texts, view_of


@pytest.fixture(scope="module")
def backward():
    return made(results.backward_pass(view_of()))


def test_the_finding_and_the_numbers_are_those_of_the_pass(backward):
    view, app = view_of(), on_view("activations.backward_chain")
    assert texts(app.header) == [gradients.headline(view.model.title, backward, view.prediction, view.title)]
    (bars,) = chart(app, "error")["data"]
    order = np.argsort(-np.abs(backward.error), kind="stable")[:6]
    assert len(bars["y"]) == len(order) == 6
    table = columns(app, -1)
    assert table["Layer"] == [layer.call.name for layer in backward.layers]
    np.testing.assert_allclose(table["Gradient norm"], [layer.gradient for layer in backward.layers])


def test_another_class_has_another_error():
    view = view_of({"target": "3"})
    app = on_view("activations.backward_chain", address={"target": "3"})
    other = made(results.backward_pass(view))
    assert other.target == 3
    assert texts(app.header) == [
        gradients.headline(view.model.title, other, view.prediction, view.prediction.classes[3])
    ]
