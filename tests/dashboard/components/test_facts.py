"""The facts of a network: its numbers as the network has them, its source and terms."""

from __future__ import annotations

from dashboard.inspection.prediction import facts
from dashboard.wording.numbers import percent, si
from tests.dashboard.components.component import on_view, plain, view_of


def test_the_numbers_are_those_of_the_network():
    view, app = view_of(), on_view("facts")
    numbers = facts(view.classifier)
    assert plain(app.subheader[0].value) == f"About {view.model.title}"
    accuracy = view.classifier.provenance.accuracy
    assert accuracy is not None
    assert {metric.label: metric.value for metric in app.metric} == {
        "Parameters": si(numbers.parameters),
        "FLOPs per image": si(numbers.flops),
        "Input": "28 x 28 x 1",
        "Classes": "10",
        "Top-1 accuracy": percent(accuracy),
    }
    assert f"Licence of the weights: {view.classifier.provenance.licence}." in plain(app.caption[0].value)


def test_random_weights_have_no_accuracy_and_are_called_so():
    app = on_view("facts", address={"model": "cnn-untrained"})
    assert "Top-1 accuracy" not in [metric.label for metric in app.metric]
    assert "untrained: random weights" in plain(app.caption[0].value)
