"""What is drawn open and what lies in what, on networks whose blocks are known."""

from __future__ import annotations

import pytest
import torch

from dashboard.inspection.architecture.trace import architecture
from dashboard.records.architecture import OUTSIDE, Architecture
from dashboard.records.blocks import (
    IN,
    MOST_BOXES,
    OUT,
    GraphBox,
    blocks_around,
    max_depth,
    nested_boxes,
    open_blocks,
    stages,
)
from models.zoo.small import ARCHITECTURES
from tests.networks import built


@pytest.fixture(scope="module")
def resnet() -> Architecture:
    return architecture(built(ARCHITECTURES["resnet"].build), torch.rand(1, 1, 28, 28))


@pytest.fixture(scope="module")
def vit() -> Architecture:
    return architecture(built(ARCHITECTURES["vit"].build), torch.rand(1, 1, 28, 28))


def names(box: GraphBox) -> list[str]:
    return [one.name for one in box.boxes]


def test_folded_blocks_are_one_box_each(resnet):
    box = nested_boxes(resnet, ())
    assert names(box) == [
        "",
        "conv1",
        "bn1",
        "relu",
        "block1",
        "block2",
        "block3",
        "pool",
        "dropout",
        "head",
        "",
    ]
    assert box.lines == tuple((place, place + 1) for place in range(10))
    assert box.boxes[4].steps == 8
    assert box.count() == 12


def test_an_open_block_has_its_own_lines(resnet):
    box = nested_boxes(resnet, {"block2"})
    block = box.boxes[5]
    assert names(block) == ["block2.conv1", *(f"block2.{part}" for part in ("bn1", "relu1", "conv2", "bn2")),
                            "block2.shortcut", "block2", "block2.relu2"]  # fmt: skip
    assert set(block.lines) == {
        (IN, 0),
        (0, 1),
        (1, 2),
        (2, 3),
        (3, 4),
        (IN, 5),
        (4, 6),
        (5, 6),
        (6, 7),
        (7, OUT),
    }
    assert names(nested_boxes(resnet, {"block2", "block2.shortcut"}).boxes[5].boxes[5]) == [
        "block2.shortcut.0",
        "block2.shortcut.1",
    ]


def test_a_block_within_a_folded_one_is_not_seen(resnet):
    assert nested_boxes(resnet, {"block2.shortcut"}) == nested_boxes(resnet, ())


def test_what_holds_nearly_all_is_open_from_the_start(vit, resnet):
    assert open_blocks(vit, 0) == {"blocks"}
    assert open_blocks(resnet, 0) == frozenset()
    assert open_blocks(vit, 1) == {"blocks", "blocks.0", "blocks.1", "blocks.2", "blocks.3"}
    assert open_blocks(resnet, 2) == {"block1", "block2", "block3", "block2.shortcut", "block3.shortcut"}


def test_depths_end_where_nothing_is_left_to_open(vit, resnet):
    assert (max_depth(vit), max_depth(resnet)) == (2, 2)
    assert open_blocks(vit, 3) == open_blocks(vit, 2)


def test_depths_end_where_nobody_could_read_it():
    from torchvision.models import densenet121

    found = architecture(built(lambda: densenet121(weights=None)), torch.rand(1, 3, 64, 64))
    deepest = max_depth(found)
    assert nested_boxes(found, open_blocks(found, deepest)).count() <= MOST_BOXES
    assert nested_boxes(found, open_blocks(found, deepest + 1)).count() > MOST_BOXES


def test_what_must_be_open_to_see_a_layer(vit):
    assert blocks_around(vit, "blocks.1.mlp.fc1") == {"blocks", "blocks.1", "blocks.1.mlp"}
    assert blocks_around(vit, "blocks.1") == {"blocks"}
    assert blocks_around(vit, "nowhere") == frozenset()


def test_stages_hold_every_call_once(vit, resnet):
    for found in (vit, resnet):
        calls = [call for stage in stages(found) for call in stage.calls]
        assert sorted(calls) == sorted(call.name for call in found.calls)
    assert [stage.name for stage in stages(vit)] == [
        *("patch_embed", "blocks.0", "blocks.1", "blocks.2", "blocks.3", "norm", "head", OUTSIDE)
    ]
