"""Small scripts for the browser: what each is given."""

from __future__ import annotations

import json

from tests.dashboard.components.component import drawn


def script():
    from dashboard.components import script

    script.scroll_to("graph conv1", 120.0, 900.0)
    script.hand_clicks_on()
    script.step_back()
    script.take_drops_anywhere("photos")
    script.scroll_up(2)


def test_each_script_gets_what_it_needs():
    first, second = drawn(script), drawn(script)
    kinds = [element.proto.component_name for element in first.get("bidi_component")]
    assert kinds == [
        "vitrine_scroll",
        "vitrine_press",
        "vitrine_step_back",
        "vitrine_drops",
        "vitrine_scroll_up",
    ]
    data = [json.loads(element.proto.json or "null") for element in first.get("bidi_component")]
    assert data[0] == {"what": "graph conv1", "y": 120.0, "height": 900.0}
    assert data[3] == {"place": "photos"}
    assert data[4] == {"start": 2}
    again = json.loads(second.get("bidi_component")[2].proto.json)
    assert again["step"] > data[2]["step"], "each step back is taken once"
