"""One layer: its channels as a grid or its units as bars, in an order, a page at a time."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.results import activations as results
from dashboard.wording.activations import layer_headline
from tests.dashboard.components.component import carried, chart, drawn, left, made, sound, texts, view_of


def script(layer):
    from dashboard import session
    from dashboard.components.activations import layer_channels
    from dashboard.components.look import look

    session.begin()
    view = look(session.visit().selection)
    call = view.survey.find(layer)
    assert call is not None
    layer_channels.draw(view, call)


def page(layer="block1.conv", **settings):
    address = {"model": "cnn", "image": "mnist-10k/test/17", **settings}
    return drawn(script, address, layer=layer)


def channels_of(layer, model="cnn"):
    view = view_of({"model": model})
    call = view.survey.find(layer)
    assert call is not None
    return made(results.layer_maps(view, call))


def test_channels_stand_in_the_order_of_their_strength():
    channels, view, app = channels_of("block1.conv"), view_of(), page()
    assert texts(app.header) == [layer_headline(channels, view.target, view.title)]
    strongest = int(channels.strength.argmax())
    grid = chart(app, f"tiles-block1.conv-0-{strongest}")
    order = np.argsort(-channels.strength, kind="stable")
    assert carried(grid) == order[: len(carried(grid))].tolist()
    assert app.number_input[0].value == strongest
    assert {metric.label for metric in app.metric} == {"Mean", "Largest", "Adds to 7"}


@pytest.mark.parametrize("sort", ["index", "influence"])
def test_another_order_is_in_the_address(sort):
    channels, view = channels_of("block1.conv"), view_of()
    app = page(**{"p.sort": sort, "unit": "1"})
    order = {
        "index": np.arange(channels.channels),
        "influence": np.argsort(-np.abs(channels.influence_on(view.target)), kind="stable"),
    }[sort]
    shown = carried(chart(app, "tiles-block1.conv-0-1"))
    assert shown == order[: len(shown)].tolist()


def test_a_layer_without_places_has_bars():
    app = page("fc1", model="mlp", unit="3")
    bars = carried(chart(app, "units-fc1-0-3"))
    channels = channels_of("fc1", "mlp")
    order = np.argsort(-channels.strength, kind="stable")[: len(bars)]
    assert bars == order.tolist()
    assert "Each its own scale" not in [toggle.label for toggle in app.toggle]
    assert app.metric[0].label == "Value"


def test_a_channel_leads_to_what_excites_it():
    app = page(unit="2")
    sound(next(button for button in app.button if button.label.startswith("What excites")).click().run())
    assert {name: left(app)[name] for name in ("layer", "unit", "p.view")} == {
        "layer": "block1.conv",
        "unit": "2",
        "p.view": "channel",
    }
