"""Attention: of whom, at what, in which layer and head."""

from __future__ import annotations

import pytest

from dashboard.results import activations as results
from dashboard.wording.activations import attention_headline
from tests.dashboard.components.component import (
    alternatives,
    carried,
    chart,
    left,
    made,
    on_view,
    sound,
    texts,
    view_of,
)

VIT = {"model": "vit"}


@pytest.fixture(scope="module")
def attention():
    return made(results.attention_maps(view_of(VIT)))


def test_the_last_layer_and_the_class_token_come_first(attention):
    app = on_view("activations.attention", address=VIT)
    layers, heads = attention.weights.shape[:2]
    weights = attention.over_picture(layers - 1, 0)
    assert texts(app.header) == [
        attention_headline("Tiny ViT", weights, layers - 1, layers, "the class token")
    ]
    assert app.slider[0].value == layers
    assert app.segmented_control[0].value == "Class token"
    assert app.selectbox(key="head").options == [
        "Mean of all heads",
        *(f"Head {head}" for head in range(heads)),
    ]
    assert alternatives(app)[0].startswith("Attention of the class token, mean of all heads, on ")
    assert len(carried(chart(app, f"heads-{layers - 1}-None-None"))) == heads


def test_layer_patch_and_head_of_the_address_are_shown(attention):
    address = VIT | {"p.block": "0", "p.patch": "5", "p.head": "1"}
    app = on_view("activations.attention", address=address)
    weights = attention.over_picture(0, attention.prefix + 5)
    assert texts(app.header) == [
        attention_headline("Tiny ViT", weights, 0, attention.weights.shape[0], "patch 5")
    ]
    assert (app.slider[0].value, app.selectbox(key="head").value) == (1, 1)
    sound(app.segmented_control[0].set_value("Class token").run())
    assert "p.patch" not in left(app)


def test_numbers_beyond_the_network_fall_back(attention):
    app = on_view("activations.attention", address=VIT | {"p.block": "99", "p.patch": "9999", "p.head": "99"})
    assert app.slider[0].value == attention.weights.shape[0]
    assert app.segmented_control[0].value == "Class token"
    assert app.selectbox(key="head").value == "Mean of all heads"
