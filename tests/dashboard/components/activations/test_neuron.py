"""One neuron on the page: a convolution over the photo, a dense unit, and what is neither."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.dashboard.pages.app import address, page, said, sound

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning:streamlit")]


def taken_apart(**query: str) -> Any:
    return page("activations", p_view="neuron", image="mnist-10k/test/17", **query)


def stage(app: Any) -> dict[str, Any]:
    (found,) = [
        element for element in app.get("bidi_component") if element.proto.component_name == "vitrine_neuron"
    ]
    told: dict[str, Any] = json.loads(found.proto.json)
    return told


def test_a_convolution_over_the_photo_folded_or_not():
    app = taken_apart(model="cnn", unit="19", p_row="24", p_column="13")
    assert said(app.header) == (
        "Channel 19 of block1.conv multiplies 9 numbers by 9 weights, and their sum is 2.14; the batch norm and the "
        "ReLU make 5.55 of it."
    )
    assert stage(app)["place"] == [24, 13] and stage(app)["picture"] is not None
    assert len(stage(app)["steps"]) == 2 and len(app.get("latex") or app.latex) >= 2
    sound(app.toggle(key="fold").set_value(True).run())
    assert len(stage(app)["steps"]) == 1 and address(app)["p.fold"] == ["1"]


def test_another_layer_forgets_the_place():
    app = taken_apart(model="cnn", p_row="24", p_column="13", p_input="2", p_weight="3")
    sound(app.selectbox(key="layer").set_value("block4.conv").run())
    assert address(app)["layer"] == ["block4.conv"]
    assert not {"p.row", "p.column", "p.input", "p.weight"} & set(address(app))
    assert "multiplies 576 numbers by 576 weights" in said(app.header)
    assert stage(app)["picture"] is None and "What each channel adds here" in said(app.subheader)


def test_a_dense_unit_that_reads_the_pixels():
    app = taken_apart(model="mlp")
    assert "multiplies 784 numbers by 784 weights" in said(app.header)
    assert "What it reads" in said(app.markdown) and "the other 774 add" in said(app.caption)


def test_a_layer_that_is_neither_is_said_to_be():
    app = taken_apart(model="cnn", layer="pool1")
    assert "pool1 is neither a convolution nor a dense layer, so block1.conv is shown." in said(app.info)
