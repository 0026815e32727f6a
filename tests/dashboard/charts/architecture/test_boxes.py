"""Sorts, colours, bars and words of boxes."""

from __future__ import annotations

import pytest
import torch

from dashboard.charts.architecture.boxes import (
    OTHER,
    GraphStyle,
    bars,
    calls_of,
    shape_text,
    shapes,
    share,
    sort_of,
    texts,
)
from dashboard.charts.architecture.layered import layered_drawing
from dashboard.inspection.architecture.trace import architecture
from dashboard.records.architecture import Architecture, Block, Node
from dashboard.records.blocks import GraphBox, nested_boxes
from models.zoo.small import ARCHITECTURES
from tests.networks import built

PALETTE = [f"#0000{place:02x}" for place in range(8)]
STYLE = GraphStyle(PALETTE, "#222222", chosen="conv1", shares={"block1.conv1": 0.25, "conv1": 0.5})


@pytest.fixture(scope="module")
def resnet() -> Architecture:
    return architecture(built(ARCHITECTURES["resnet"].build), torch.rand(1, 1, 28, 28))


@pytest.mark.parametrize(
    ("title", "sort", "place"),
    [
        ("Conv2d", "Convolution", 0),
        ("MultiheadAttention", "Attention", 3),
        ("BatchNormAct2d", "Normalisation", 6),
        ("GELU", "Activation", 2),
        ("Identity", None, OTHER),
    ],
)
def test_a_box_has_the_colour_of_its_sort(title, sort, place):
    step = GraphBox("layer", node=Node("layer", title, False, (), (1,)))
    assert sort_of(step) == sort and STYLE.colour(sort) == PALETTE[place]
    assert sort_of(GraphBox("block", block=Block("block", title, True, ()))) == sort


def test_a_folded_block_costs_what_its_layers_cost(resnet):
    box = nested_boxes(resnet, ())
    block = next(inner for inner in box.boxes if inner.name == "block1")
    assert share(resnet, block, STYLE) == 0.25
    assert {"block1", "block1.conv1"} <= {call.name for call in calls_of(resnet, block)}


def test_bars_are_as_long_as_shares_next_to_the_largest(resnet):
    drawing = layered_drawing(nested_boxes(resnet, ()))
    (bar,) = bars(resnet, drawing, STYLE)
    conv, block = (
        next(one for one in drawing.placed if one.box.name == name) for name in ("conv1", "block1")
    )
    assert f"H{conv.right} " in str(bar["path"])
    assert f"H{block.left + (block.right - block.left) / 2} " in str(bar["path"])
    assert bars(resnet, drawing, GraphStyle(PALETTE, "#222222")) == []


def test_the_chosen_layer_is_painted_last(resnet):
    drawing = layered_drawing(nested_boxes(resnet, ()))
    found = shapes(drawing, STYLE, 3.0)
    assert found[-1]["line"] == {"color": PALETTE[1], "width": 3.5}
    assert (
        sum(str(shape["path"]).count("Z") for shape in found) == len(drawing.placed) + 3
    )  # piles of three blocks


def test_words_fit_their_box(resnet):
    drawing = layered_drawing(nested_boxes(resnet, {"block1"}))
    boxes, frames = texts(resnet, drawing, STYLE, letters=8)
    assert "<b>conv1</b><br><span style='font-size:10px'>16\u00d728\u00d728</span>" in boxes.text
    assert list(frames.text) == ["- block1"]


def test_a_shape_as_people_write_it():
    assert (shape_text((32, 1120, 7)), shape_text(())) == ("32\u00d71,120\u00d77", "one number")
