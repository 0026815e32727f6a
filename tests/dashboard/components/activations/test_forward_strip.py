"""The forward pass as a strip: every stage with its picture, and a click into each."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.results import network
from dashboard.wording import activations
from tests.dashboard.components.component import (
    alternatives,
    columns,
    left,
    made,
    on_view,
    sound,
    texts,
    view_of,
)


@pytest.fixture(scope="module")
def forward():
    return made(network.forward(view_of()))


def test_every_stage_has_a_card_and_every_call_a_row(forward):
    view, app = view_of(), on_view("activations.forward_strip")
    assert texts(app.header) == [
        activations.headline(view.model.title, forward, view.prediction, view.seen.inputs.shape)
    ]
    assert [alt for alt in alternatives(app) if alt.startswith("Stage")] == [
        f"Stage {number}: {stage.call.kind} {stage.call.name}, {activations.size(stage.call)}"
        for number, stage in enumerate(forward.stages, 1)
    ]
    table = columns(app)
    assert table["Layer"] == [call.name for call in view.survey.calls if call.name in forward.spreads]
    np.testing.assert_allclose(table["Mean"], [forward.spreads[name].mean for name in table["Layer"]])


def test_a_card_leads_into_its_layer(forward):
    app = on_view("activations.forward_strip", address={"unit": "2", "p.page": "1"})
    sound(app.button(key="inside-1").click().run())
    assert left(app)["layer"] == forward.stages[0].call.name
    assert left(app)["p.view"] == "layer" and left(app)["p.page"] == "1"
    assert "unit" not in left(app)
