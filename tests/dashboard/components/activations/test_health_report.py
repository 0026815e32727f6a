"""The health of a network over many pictures: what stands out, and every layer in numbers."""

from __future__ import annotations

from dashboard.inspection.passes.diagnosis import findings
from dashboard.results import activations as results
from dashboard.results.pools import pool
from dashboard.wording.activations import health_headline
from tests.dashboard.components.component import chart, columns, made, numbers, on_view, texts, view_of


def test_what_stands_out_is_on_top_and_all_layers_are_below():
    view = view_of({"model": "mlp"})
    health = made(results.health(view, pool(view)))
    problems = findings(health)
    app = on_view("activations.health_report", address={"model": "mlp"})
    assert texts(app.header) == [health_headline(view.model.title, health, problems)]
    assert sum(":material/warning:" in text for text in texts(app.markdown)) == len(problems)
    table = columns(app)
    assert table["Layer"] == [layer.call.name for layer in health.layers]
    assert table["Exactly zero"] == [layer.zeros for layer in health.layers]
    zeros, spreads = chart(app, "spreads-mlp")["data"][:2]
    assert len(numbers(zeros["x"])) == len(numbers(spreads["x"])) == len(health.layers)
