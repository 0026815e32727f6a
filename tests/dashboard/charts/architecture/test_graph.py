"""The figure of a network: what is clicked, said and marked."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest
import torch
from torch import nn

from dashboard.charts.architecture.boxes import GraphStyle, shape_text
from dashboard.charts.architecture.graph import ABOVE, BELOW, graph, pixels_below_top
from dashboard.inspection.architecture.trace import architecture
from dashboard.records.architecture import Architecture
from dashboard.records.blocks import nested_boxes, open_blocks
from models.zoo.small import ARCHITECTURES
from tests.networks import built

PALETTE = [f"#{number}{number}{number}{number}{number}{number}" for number in range(1, 9)]
LOOKS = GraphStyle(PALETTE, "#000000")


@pytest.fixture(scope="module")
def resnet() -> Architecture:
    return architecture(built(ARCHITECTURES["resnet"].build), torch.rand(1, 1, 28, 28))


def drawn(
    found: Architecture, opened: set[str], style: GraphStyle = LOOKS
) -> Any:  # a figure, whose parts are there
    return graph(found, nested_boxes(found, opened), style)


def targets(figure: Any) -> Any:
    return next(trace for trace in figure.data if trace.customdata is not None)


def words(figure: Any) -> str:
    return " ".join(text for trace in figure.data if trace.mode == "text" for text in trace.text)


def test_every_box_can_be_clicked_for_what_it_is(resnet):
    trace = targets(drawn(resnet, {"block1"}))
    assert {"layer:conv1", "block:block1", "layer:block1.conv2", "block:block2", "layer:head"} <= set(
        trace.customdata
    )
    # A function, the photo and the logits are no layers.
    assert "" in trace.customdata
    assert "layer:block1" not in trace.customdata
    assert len(trace.x) == len(trace.customdata) == len(trace.hovertext)


def test_hovering_tells_costs_and_what_a_click_does(resnet):
    trace = targets(drawn(resnet, {"block1"}))
    said = dict(zip(trace.customdata, trace.hovertext, strict=True))
    assert (
        said["layer:conv1"]
        == "<b>conv1</b><br>Conv2d<br>gives 16\u00d728\u00d728<br>144 parameters, 226 k FLOPs"
    )
    assert said["block:block2"].endswith("<i>click to unfold</i>")
    assert said["block:block1"].endswith("<i>click to fold</i>")


def test_the_chosen_layer_stands_out(resnet):
    style = dataclasses.replace(LOOKS, chosen="block1.conv2")
    last = drawn(resnet, {"block1"}, style).layout.shapes[-1]
    assert (last.line.color, last.line.width) == (PALETTE[1], 3.5)
    assert last.path.count("Z") == 1
    assert all(shape.line.width < 2 for shape in drawn(resnet, {"block1"}).layout.shapes)


def test_a_box_is_found_where_its_shape_is(resnet):
    figure = drawn(resnet, {"block1"}, dataclasses.replace(LOOKS, chosen="block1.conv2"))
    corners = [float(y) for y in re.findall(r"[ML][-.\d]+,([-.\d]+)", figure.layout.shapes[-1].path)]
    assert pixels_below_top(figure, "block1.conv2") == pytest.approx(
        ABOVE + (min(corners) + max(corners)) / 2
    )
    assert pixels_below_top(figure, "block2.conv2") is None  # inside a folded block
    block, head = pixels_below_top(figure, "block2"), pixels_below_top(figure, "head")
    assert block is not None and head is not None
    assert block < head < figure.layout.height - BELOW


def test_a_row_of_blocks_that_is_never_called_says_that_it_is_no_layer():
    class Listed(nn.Module):
        def __init__(self):
            super().__init__()
            self.row = nn.ModuleList([nn.Linear(64, 64), nn.Linear(64, 3)])
            self.called = nn.Sequential(nn.Softmax(1), nn.Identity())

        def forward(self, inputs):
            return self.called(self.row[1](self.row[0](inputs.flatten(1))))

    trace = targets(drawn(architecture(built(Listed), torch.rand(1, 1, 8, 8)), set()))
    said = dict(zip(trace.customdata, trace.hovertext, strict=True))
    assert "no layer to be chosen" in said["block:row"]
    assert "no layer to be chosen" not in said["block:called"]


def test_bars_show_shares_next_to_the_longest(resnet):
    shares = {"conv1": 0.25, "block1.conv1": 0.3, "block1.conv2": 0.2}
    style = dataclasses.replace(LOOKS, shares=shares, measure="all parameters")
    figure = drawn(resnet, set(), style)
    bars = figure.layout.shapes[-1].path.split("Z")[:-1]
    lengths = sorted(
        float(ends[1]) - float(ends[0]) for bar in bars if (ends := re.findall(r"[MH]([-.\d]+)", bar))
    )
    assert lengths[0] / lengths[1] == pytest.approx(0.5)
    said = dict(zip(targets(figure).customdata, targets(figure).hovertext, strict=True))
    assert "50 % of all parameters" in said["block:block1"]


def test_names_are_shown_as_they_are():
    class Named(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = nn.ModuleDict({"<b>bold": nn.Linear(64, 3)})

        def forward(self, inputs):
            return self.layers["<b>bold"](inputs.flatten(1))

    found = architecture(built(Named), torch.rand(1, 1, 8, 8))
    figure = drawn(found, {"layers"})
    assert "&lt;b&gt;bold" in words(figure)
    assert not any("<b>bold" in text for text in targets(figure).hovertext)


def test_legend_names_the_sorts_that_are_seen(resnet):
    assert [trace.name for trace in drawn(resnet, set()).data if trace.name] == [
        *("Convolution", "Dense", "Pooling", "Normalisation", "Activation")
    ]


def test_a_layer_that_is_a_number_says_its_class():
    found = architecture(
        built(lambda: nn.Sequential(nn.Flatten(), nn.Sequential(nn.Linear(64, 3), nn.ReLU()))),
        torch.rand(1, 1, 8, 8),
    )
    said = words(drawn(found, set(open_blocks(found, 9))))
    assert "0 Flatten" in said and "1 ReLU" in said


def test_shapes_in_words():
    assert shape_text((1280, 7, 7)) == "1,280\u00d77\u00d77"
    assert shape_text(()) == "one number"
