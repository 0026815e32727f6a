"""Which blocks are open, through the address and back."""

from __future__ import annotations

import re

import pytest
import torch
from torch import nn

from dashboard.components.architecture.unfolding import open_names, toggle
from dashboard.inspection.architecture.trace import architecture
from dashboard.records.architecture import Architecture
from dashboard.records.blocks import open_blocks
from models.zoo.small import ARCHITECTURES
from tests.networks import built


@pytest.fixture(scope="module")
def vit() -> Architecture:
    return architecture(built(ARCHITECTURES["vit"].build), torch.rand(1, 1, 28, 28))


def shown(
    found: Architecture, clicked: str | None, depth: int = 0, chosen: str | None = None
) -> frozenset[str]:
    return open_names(found, depth=depth, clicked=clicked or "", chosen=chosen)


def test_a_click_opens_and_another_folds(vit):
    once = toggle(vit, "", "blocks.2")
    assert shown(vit, once) == {"blocks", "blocks.2"}
    assert toggle(vit, once or "", "blocks.2") is None


def test_a_click_folds_what_is_open_from_the_start(vit):
    assert shown(vit, toggle(vit, "", "blocks")) == frozenset()
    assert shown(vit, toggle(vit, "", "blocks.0"), depth=1) == open_blocks(vit, 1) - {"blocks.0"}


def test_the_way_to_the_chosen_layer_is_open(vit):
    assert shown(vit, None, chosen="blocks.1.mlp.fc1") == {"blocks", "blocks.1", "blocks.1.mlp"}
    assert shown(vit, None, chosen="blocks.1") == {"blocks"}


def test_the_setting_fits_into_an_address_however_many_are_clicked():
    rows = nn.Sequential(nn.Flatten(), *(nn.Sequential(nn.ReLU()) for _ in range(50)), nn.Linear(64, 3))
    found = architecture(built(lambda: rows), torch.rand(1, 1, 8, 8))
    clicked = ""
    for block in found.blocks:
        clicked = toggle(found, clicked, block.name) or ""
        assert re.fullmatch(r"[A-Za-z0-9_.+-]{1,32}", clicked)
    # The oldest made room for the last.
    last = [block.name for block in found.blocks][-8:]
    assert set(last) <= shown(found, clicked)
    assert found.blocks[0].name not in shown(found, clicked)


@pytest.mark.parametrize("text", ["", "1.2.3", "zzzz.1", "....", "nonsense", "-", "+.+"])
def test_what_was_made_for_another_network_or_by_hand_opens_nothing(vit, text):
    other = architecture(built(ARCHITECTURES["resnet"].build), torch.rand(1, 1, 28, 28))
    assert shown(vit, text) == open_blocks(vit, 0)
    assert shown(vit, toggle(other, "", "block1")) == open_blocks(vit, 0)


def test_places_that_do_not_exist_are_passed_over(vit):
    clicked = toggle(vit, "", "blocks.3") or ""
    assert shown(vit, f"{clicked}.zz.{clicked[-1]}") == shown(vit, clicked)
