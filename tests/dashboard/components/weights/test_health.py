"""What is broken, dead or never trained, and the way to it."""

from __future__ import annotations

from dashboard.components.weights.subject import of_network
from dashboard.results import weights as results
from dashboard.wording.weights import health_headline
from tests.dashboard.components.component import columns, left, made, sound, texts, view_of
from tests.dashboard.components.weights.weighed import distributions, shown_by, subject

UNTRAINED = {"model": "cnn-untrained"}


def test_a_trained_network_is_told_what_was_looked_for():
    diagnosis = made(results.health(subject().of, distributions()))
    app = shown_by("health")
    assert texts(app.header) == [
        health_headline(subject().title, diagnosis.findings, len(distributions().tensors))
    ]
    assert bool(diagnosis.findings) is bool(app.dataframe)


def test_each_finding_leads_to_its_tensor():
    of = of_network(view_of(UNTRAINED)).of
    diagnosis = made(results.health(of, made(results.distributions(of))))
    assert diagnosis.findings
    app = shown_by("health", UNTRAINED)
    assert columns(app)["Where"] == [finding.tensor.name for finding in diagnosis.findings]
    sound(next(button for button in app.button if button.label == "Look").click().run())
    assert left(app)["p.aspect"] in ("filters", "distributions") and "p.tensor" in left(app)
