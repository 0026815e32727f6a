"""One map over its photo, with its scale, its worth and its time."""

from __future__ import annotations

import dataclasses

from dashboard.components.attribution import explain
from dashboard.inspection.attribution import METHODS
from dashboard.wording.attribution import limits
from tests.dashboard.components.component import alternatives, drawn, made, texts, view_of


def script(attribution):
    from dashboard import session
    from dashboard.components.attribution import explain
    from dashboard.components.look import look
    from dashboard.inspection.attribution import METHODS

    session.begin()
    subject = explain.subject(look(session.visit().selection))
    explain.draw(attribution, subject, limit=1.0, strength=explain.strength(), key="map")
    explain.fine_print(METHODS[attribution.method], [attribution], subject.view)


def a_map():
    subject = explain.subject(view_of())
    return subject, made(explain.map_of(METHODS["saliency"], subject))


def test_a_map_stands_over_its_photo_with_its_scale():
    subject, attribution = a_map()
    app = drawn(script, {"model": "cnn", "image": "mnist-10k/test/17"}, attribution=attribution)
    left, right = limits(attribution, 1.0)
    assert alternatives(app)[:2] == [
        explain.alternative(attribution, subject),
        f"Colour scale from {left} to {right}",
    ]
    assert explain.alternative(attribution, subject) == "Saliency for 7 over MNIST 10k, test 17"
    assert texts(app.caption)[:2] == [left, right]
    assert app.expander[0].label == "How to read Saliency"


def test_a_map_that_is_refused_is_its_reason_alone():
    _, attribution = a_map()
    outcome = dataclasses.replace(attribution.outcome, kind="refused", reason="It is no map.")
    refused = dataclasses.replace(attribution, values=None, outcome=outcome)
    app = drawn(script, {"model": "cnn", "image": "mnist-10k/test/17"}, attribution=refused)
    assert texts(app.error)[0].endswith(": It is no map.")
    assert not alternatives(app)


def test_the_strength_is_a_share(monkeypatch):
    for text, share in ((None, 0.7), ("0", 0.0), ("250", 1.0)):
        settings = {} if text is None else {"strength": text}
        monkeypatch.setattr("dashboard.session.settings", lambda settings=settings: settings)
        assert explain.strength() == share
