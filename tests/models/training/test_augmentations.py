"""Augmentations: the table is the test matrix."""

from __future__ import annotations

import pytest
import torch

from models.runtime.randomness import fork_rng
from models.training import augmentations
from models.training.augmentations import AUGMENTATIONS


@pytest.mark.parametrize("name", AUGMENTATIONS)
@pytest.mark.parametrize("channels", [1, 3])
def test_augmentation_keeps_what_a_batch_is(name, channels):
    pixels = torch.randint(0, 256, (10, channels, 28, 28), dtype=torch.uint8)
    before = pixels.clone()
    varied = augmentations.build(name, (28, 28))
    with fork_rng(1):
        found = varied(pixels)
    assert (found.shape, found.dtype) == (pixels.shape, torch.uint8)
    assert pixels.equal(before)
    assert found.equal(pixels) is (name == "none")
    with fork_rng(1):
        assert varied(pixels).equal(found)


@pytest.mark.parametrize("name", [name for name in AUGMENTATIONS if name != "none"])
def test_augmentation_draws_for_every_few_pictures(name):
    pixels = torch.randint(0, 256, (1, 1, 28, 28), dtype=torch.uint8).expand(40, -1, -1, -1).contiguous()
    with fork_rng(2):
        found = augmentations.build(name, (28, 28))(pixels)
    assert len(found.unique(dim=0)) > 3


def test_a_flip_mirrors_or_leaves_and_an_erased_box_is_black():
    ramp = torch.arange(28, dtype=torch.uint8).expand(8, 1, 28, 28).contiguous() + 1
    with fork_rng(3):
        erased = augmentations.build("erase", (28, 28))(ramp)
    changed = erased != ramp
    assert changed.any()
    assert (erased[changed] == 0).all()
    with fork_rng(3):
        mirrored = augmentations.build("crop", (28, 28))(ramp)
    # Of a ramp a part, mirrored or not, rises or falls all the way along.
    steps = mirrored.int().diff(dim=-1)
    assert all((row >= 0).all() or (row <= 0).all() for row in steps.flatten(0, 2))
