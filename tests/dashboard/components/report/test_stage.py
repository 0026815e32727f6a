"""Slides in place of a page, and the way back."""

from __future__ import annotations

import json

import pytest

from tests.dashboard.pages.app import address, first_page, page, said, sound

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning:streamlit")]
# As little as a report can hold.
ONE_VIEW = {f"p_in_{name}": "0" for name in ("attribution", "architecture", "activations", "weights")}


def test_the_slides_stand_in_place_of_the_page_and_open_where_the_address_says():
    app = first_page(model="mlp", p_slide="2", **ONE_VIEW)
    (stage,) = [
        element for element in app.get("bidi_component") if element.proto.component_name == "vitrine_stage"
    ]
    told = json.loads(stage.proto.json)
    assert 'data-start="2"' in told["slides"] and told["parameter"] == "p.slide"
    assert "Top 5 classes" not in said(app.subheader)
    sound(app.button(key="leave-stage").click().run())
    assert "p.slide" not in address(app) and "Top 5 classes" in said(app.subheader)


def test_of_nothing_there_are_no_slides():
    app = page("weights", model="mlp", p_slide="1", p_in_answer="0", **ONE_VIEW)
    assert "nothing to show" in said(app.info)
